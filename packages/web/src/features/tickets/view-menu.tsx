import ChevronDown from 'lucide-solid/icons/chevron-down';
import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { Checkbox } from '#web/ui/checkbox/checkbox.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Menu, type MenuPart } from '#web/ui/menu/menu.tsx';
import { ViewsDialog } from './views-dialog.tsx';
import { changeView, deleteView, keepView, type QueueView, type ViewSettings } from './views-source.ts';

/** What can be done with the view that is open: keep what was changed, as it or as another one, or go back to it. */
export function ViewMenu(props: {
  views: readonly QueueView[];
  view: QueueView;
  mayShare: boolean;
  /** What is seen now. */
  settings: ViewSettings;
  isEdited: boolean;
  onReset: () => void;
  onOpen: (key: string) => void;
}): JSX.Element {
  const [isNaming, setNaming] = createSignal(false);
  const [isArranging, setArranging] = createSignal(false);
  const mayKeep = (): boolean => props.view.mayChange && props.isEdited;
  const save = (): void =>
    void changeView(props.view, { settings: props.settings }).then(() => {
      props.onReset();
    });
  registerActions(
    {
      id: 'tickets.keep-view',
      name: 'Keep this view as…',
      group: 'Views',
      run: () => setNaming(true),
    },
    { id: 'tickets.arrange-views', name: 'Arrange views', group: 'Views', run: () => setArranging(true) },
    {
      id: 'tickets.reset-view',
      name: 'Go back to the view as it is kept',
      group: 'Views',
      isEnabled: () => props.isEdited,
      run: () => props.onReset(),
    },
  );
  const parts = (): MenuPart[] => [
    { label: 'Keep as a new view…', run: () => setNaming(true) },
    { label: 'Arrange views…', run: () => setArranging(true) },
    ...(props.view.mayChange
      ? [
          'separator' as const,
          {
            label: props.view.kind === 'shared' ? 'Keep for myself only' : 'Share with everybody',
            isDisabled: !props.mayShare,
            run: () => void changeView(props.view, { isShared: props.view.kind !== 'shared' }),
          },
          {
            label: 'Delete this view',
            isDangerous: true,
            run: () =>
              void deleteView(props.view).then((isGone) => {
                if (isGone) props.onOpen('open');
              }),
          },
        ]
      : []),
  ];
  return (
    <span class="flex items-center gap-1.5">
      <Show when={props.isEdited}>
        <span class="text-[0.9375em] text-muted">Edited</span>
        <Show when={mayKeep()}>
          <Button size="small" onClick={save}>
            Save
          </Button>
        </Show>
        <Show when={!mayKeep()}>
          <Button size="small" onClick={() => setNaming(true)}>
            Save as…
          </Button>
        </Show>
        <Button size="small" kind="quiet" onClick={() => props.onReset()}>
          Reset
        </Button>
      </Show>
      <Menu
        triggerClass={buttonClass({ kind: 'quiet', size: 'small' })}
        trigger={
          <>
            View <ChevronDown size={13} />
          </>
        }
        placement="bottom-end"
        parts={parts()}
      />
      <NameDialog
        isOpen={isNaming()}
        onOpenChange={setNaming}
        mayShare={props.mayShare}
        onKeep={(name, isShared) =>
          void keepView({ name, isShared, settings: props.settings }).then((key) => {
            if (key !== undefined) props.onOpen(key);
          })
        }
      />
      <ViewsDialog isOpen={isArranging()} onOpenChange={setArranging} views={props.views} />
    </span>
  );
}

function NameDialog(props: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  mayShare: boolean;
  onKeep: (name: string, isShared: boolean) => void;
}): JSX.Element {
  const [name, setName] = createSignal('');
  const [isShared, setShared] = createSignal(false);
  const keep = (): void => {
    if (name().trim() === '') return;
    props.onKeep(name().trim(), isShared());
    setName('');
    props.onOpenChange(false);
  };
  return (
    <Dialog
      isOpen={props.isOpen}
      onOpenChange={props.onOpenChange}
      title="Keep as a view"
      description="Its filter, order, groups and columns as you see them now."
      width="narrow"
      footer={
        <Button kind="primary" disabled={name().trim() === ''} onClick={keep}>
          Keep
        </Button>
      }
    >
      <form
        class="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          keep();
        }}
      >
        <Field label="Name" isRequired>
          {(control) => (
            <Input {...control} maxLength={60} value={name()} onInput={(event) => setName(event.currentTarget.value)} />
          )}
        </Field>
        <Show when={props.mayShare}>
          <Checkbox label="Everybody sees it" isChecked={isShared()} onChange={setShared} />
        </Show>
      </form>
    </Dialog>
  );
}
