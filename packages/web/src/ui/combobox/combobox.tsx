import { For, Show, createEffect, createResource, createSignal, createUniqueId, on } from 'solid-js';
import type { JSX } from 'solid-js';
import type { FieldControl } from '#web/ui/field/field.tsx';
import { Input } from '#web/ui/input/input.tsx';

/** Between two letters of somebody who types at an easy pace. */
const TYPING_MS = 150;

/** What can be chosen. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string;
}

export interface ComboboxProps {
  readonly control: FieldControl;
  readonly value: Choice | undefined;
  readonly onChange: (choice: Choice | undefined) => void;
  /** The first choices for a typed text, empty for none; called again when `key` changes. A later call's answer wins. */
  readonly find: (text: string) => Promise<readonly Choice[]>;
  /** What the choices depend on, such as the client. */
  readonly key?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly isDisabled?: boolean | undefined;
}

/**
 * One of many, found by typing: clients, contacts, assets. Asks the server once somebody stops typing; arrows, Enter and Escape work, and leaving without a choice
 * puts the old one back.
 */
export function Combobox(props: ComboboxProps): JSX.Element {
  const listId = createUniqueId();
  const [text, setText] = createSignal(props.value?.label ?? '');
  const [isOpen, setOpen] = createSignal(false);
  const [active, setActive] = createSignal(0);
  const [isUnreachable, setUnreachable] = createSignal(false);
  const typed = (): string => (text() === (props.value?.label ?? '') ? '' : text().trim());
  const [found] = createResource(
    () => (isOpen() ? { text: typed(), key: props.key } : null),
    async (ask) => {
      if (ask.text !== '') await new Promise((resolve) => setTimeout(resolve, TYPING_MS));
      // A text that was typed over meanwhile is not worth a question.
      if (ask.text !== typed()) return [];
      setUnreachable(false);
      return props.find(ask.text).catch(() => {
        setUnreachable(true);
        return [];
      });
    },
    // Without it the first question would hold back the whole screen around the field.
    { initialValue: [] },
  );
  const choices = (): readonly Choice[] => found.latest;
  createEffect(on([() => props.value?.id, () => props.key], () => setText(props.value?.label ?? '')));
  const choose = (choice: Choice | undefined): void => {
    props.onChange(choice);
    setText(choice?.label ?? '');
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && isOpen()) {
      event.stopPropagation();
      setOpen(false);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      setActive((index) => Math.min(Math.max(index + step, 0), Math.max(choices().length - 1, 0)));
    } else if (event.key === 'Enter' && isOpen()) {
      const choice = choices()[active()];
      if (choice === undefined) return;
      event.preventDefault();
      choose(choice);
    }
  };
  return (
    <div class="relative">
      <Input
        {...props.control}
        role="combobox"
        aria-expanded={isOpen()}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen() && choices().length > 0 ? `${listId}-${active()}` : undefined}
        autocomplete="off"
        disabled={props.isDisabled ?? false}
        placeholder={props.placeholder ?? ''}
        value={text()}
        onFocus={(event) => {
          event.currentTarget.select();
          setActive(0);
          setOpen(true);
        }}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setOpen(true);
          if (event.currentTarget.value === '') props.onChange(undefined);
        }}
        onBlur={() => {
          setOpen(false);
          setText(props.value?.label ?? '');
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={listId}
        role="listbox"
        aria-label="Choices"
        class="absolute inset-x-0 top-full z-10 mt-1 max-h-60 appear overflow-y-auto rounded-control bg-raised p-1 shadow-menu"
        classList={{ hidden: !isOpen() || (choices().length === 0 && found.loading) }}
      >
        <For each={choices()}>
          {(choice, index) => (
            <li
              id={`${listId}-${index()}`}
              role="option"
              aria-selected={index() === active()}
              class="flex cursor-default items-baseline gap-2 rounded-tag px-2 py-1 aria-selected:bg-hover"
              onPointerDown={(event) => {
                event.preventDefault();
                choose(choice);
              }}
              onPointerEnter={() => setActive(index())}
            >
              <span class="truncate-line">{choice.label}</span>
              <span class="truncate-line text-small text-muted">{choice.detail}</span>
            </li>
          )}
        </For>
        <Show when={choices().length === 0 && !found.loading}>
          <li class="px-2 py-1 text-muted" role="option" aria-selected="false" aria-disabled="true">
            {isUnreachable() ? 'The list could not be loaded. Type to try again.' : 'Nothing fits'}
          </li>
        </Show>
      </ul>
    </div>
  );
}
