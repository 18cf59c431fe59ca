import MessageSquareText from 'lucide-solid/icons/message-square-text';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { createMacros, createTemplates, type Macro, type Template } from '#web/features/replies/writing-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RichText } from '#web/ui/rich-text/rich-text.tsx';
import { SwitchToggle } from '#web/ui/switch-toggle/switch-toggle.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from '../settings-section.tsx';
import { EditMacro } from './edit-macro.tsx';
import { EditTemplate } from './edit-template.tsx';

/** Canned replies and macros, own and shared, and whether contacts are asked how it went. */
export function ReplySettings(): JSX.Element {
  const { can } = useSession();
  const [template, setTemplate] = createSignal<Template | 'new'>();
  const [macro, setMacro] = createSignal<Macro | 'new'>();
  const templates = createTemplates();
  const macros = createMacros();
  const mayChange = (item: { isShared: boolean }): boolean => !item.isShared || can('replies.share-texts');
  const remove = async (name: string, topic: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
      await invalidateTopic(topic);
      showDone(`${name} was removed`);
    } catch (error) {
      showProblem(`${name} was not removed`, toProblem(error).message);
    }
  };
  return (
    <>
      <SettingsSection
        title="Canned replies"
        lead="Texts that are put into a reply with “;” and a few letters of their name."
        query={templates}
        action={
          <Button kind="primary" onClick={() => setTemplate('new')}>
            New canned reply
          </Button>
        }
      >
        {({ items }) => (
          <Texts items={items} none="There is no canned reply yet">
            {(item) => (
              <Line
                item={item}
                mayChange={mayChange(item)}
                onChange={() => setTemplate(item)}
                onRemove={() =>
                  void remove(item.name, 'reply-template', () =>
                    api.replies.removeTemplate.mutate({ templateId: item.id }),
                  )
                }
              >
                <RichText class="line-clamp-2 text-muted" html={item.html} />
              </Line>
            )}
          </Texts>
        )}
      </SettingsSection>
      <SettingsSection
        title="Macros"
        lead="Several steps under one name: a reply, a status, an assignee, logged time. Each shows what it would do before it does it."
        query={macros}
        action={
          <Button kind="primary" onClick={() => setMacro('new')}>
            New macro
          </Button>
        }
      >
        {({ items }) => (
          <Texts items={items} none="There is no macro yet">
            {(item) => (
              <Line
                item={item}
                mayChange={mayChange(item)}
                onChange={() => setMacro(item)}
                onRemove={() =>
                  void remove(item.name, 'reply-macro', () => api.replies.removeMacro.mutate({ macroId: item.id }))
                }
              >
                <span class="text-muted">
                  {item.steps.length} {item.steps.length === 1 ? 'step' : 'steps'}
                </span>
              </Line>
            )}
          </Texts>
        )}
      </SettingsSection>
      <Show when={can('satisfaction.manage-rating')}>
        <Asking />
      </Show>
      <EditTemplate template={template()} onClose={() => setTemplate(undefined)} />
      <EditMacro macro={macro()} onClose={() => setMacro(undefined)} />
    </>
  );
}

function Texts<Item>(props: {
  items: readonly Item[];
  none: string;
  children: (item: Item) => JSX.Element;
}): JSX.Element {
  return (
    <Show
      when={props.items.length > 0}
      fallback={
        <EmptyState icon={MessageSquareText} title={props.none}>
          What is said again and again is written once.
        </EmptyState>
      }
    >
      <ul class="divide-y divide-line">
        <For each={props.items}>{props.children}</For>
      </ul>
    </Show>
  );
}

function Line(props: {
  item: { name: string; folder: string; isShared: boolean };
  mayChange: boolean;
  onChange: () => void;
  onRemove: () => void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <li class="flex flex-wrap items-start gap-3 py-2.5">
      <div class="min-w-0 flex-1">
        <div class="font-medium">
          <Show when={props.item.folder !== ''}>
            <span class="font-normal text-muted">{props.item.folder} · </span>
          </Show>
          {props.item.name} <span class="font-normal text-muted">{props.item.isShared ? 'for all' : 'yours'}</span>
        </div>
        {props.children}
      </div>
      <Show when={props.mayChange}>
        <Button size="small" onClick={() => props.onChange()}>
          Change
        </Button>
        <Button size="small" onClick={() => props.onRemove()}>
          Remove
        </Button>
      </Show>
    </li>
  );
}

function Asking(): JSX.Element {
  const setting = createRecordQuery({
    key: () => ['satisfaction', 'list', 'setting'],
    fetch: (signal) => api.satisfaction.getSetting.query({}, { signal }),
  });
  const set = async (isOn: boolean, pauseDays: number): Promise<void> => {
    try {
      await api.satisfaction.setSetting.mutate({ isOn, pauseDays });
      await invalidateTopic('satisfaction');
    } catch (error) {
      showProblem('This was not changed', toProblem(error).message);
    }
  };
  return (
    <SettingsSection
      title="Satisfaction"
      lead="When a ticket is resolved its contact gets a mail with five faces; one click on one answers."
      query={setting}
    >
      {(value) => (
        <SwitchToggle
          label={`Ask contacts how it went, each at most once in ${value.pauseDays} days`}
          isOn={value.isOn}
          onChange={(isOn) => void set(isOn, value.pauseDays)}
        />
      )}
    </SettingsSection>
  );
}
