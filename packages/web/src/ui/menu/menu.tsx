import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import Check from 'lucide-solid/icons/check';
import { For, Show } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

/** One line that does something. */
export interface MenuAction {
  readonly label: string;
  readonly run: () => void;
  readonly icon?: Component<{ class?: string; size?: number }> | undefined;
  readonly shortcut?: string | undefined;
  readonly isDangerous?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
}

/** Lines of which one is chosen. */
export interface MenuChoice {
  readonly heading: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

export type MenuPart = MenuAction | MenuChoice | 'separator';

export interface MenuProps {
  /** What the button shows; the button itself is made here. */
  readonly trigger: JSX.Element;
  readonly triggerClass?: string | undefined;
  /** What the button is for; said before what it shows, which may be an icon or a value: "Priority: P2 High". */
  readonly label?: string | undefined;
  readonly parts: readonly MenuPart[];
  readonly placement?: 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end' | undefined;
}

const LINE =
  'flex h-(--control) cursor-default items-center gap-2 rounded-tag px-2 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-45';

function Choice(props: { choice: MenuChoice }): JSX.Element {
  return (
    <DropdownMenu.RadioGroup value={props.choice.value} onChange={props.choice.choose}>
      <DropdownMenu.GroupLabel class="px-2 pt-1.5 pb-1 text-small font-medium text-faint">
        {props.choice.heading}
      </DropdownMenu.GroupLabel>
      <For each={props.choice.options}>
        {(option) => (
          <DropdownMenu.RadioItem value={option.value} class={LINE} closeOnSelect={false}>
            <span class="flex w-4 justify-center">
              <DropdownMenu.ItemIndicator>
                <Check size={13} />
              </DropdownMenu.ItemIndicator>
            </span>
            {option.label}
          </DropdownMenu.RadioItem>
        )}
      </For>
    </DropdownMenu.RadioGroup>
  );
}

function Line(props: { action: MenuAction }): JSX.Element {
  return (
    <DropdownMenu.Item
      class={LINE}
      classList={{ 'text-critical-text': props.action.isDangerous ?? false }}
      disabled={props.action.isDisabled ?? false}
      onSelect={() => props.action.run()}
    >
      <Show when={props.action.icon}>
        {(icon) => <span class="flex w-4 justify-center text-muted">{icon()({ size: 14 })}</span>}
      </Show>
      <span class="flex-1">{props.action.label}</span>
      <Show when={props.action.shortcut}>{(keys) => <Kbd keys={keys()} />}</Show>
    </DropdownMenu.Item>
  );
}

/** A button that opens a menu of actions and choices. */
export function Menu(props: MenuProps): JSX.Element {
  return (
    <DropdownMenu placement={props.placement ?? 'bottom-start'} gutter={4}>
      <DropdownMenu.Trigger class={props.triggerClass ?? ''}>
        {/* Not an aria-label: that would replace the words on the button, by which people who speak to their computer press it. */}
        <Show when={props.label}>{(label) => <span class="sr-only">{label()}: </span>}</Show>
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="z-50 min-w-48 appear rounded-control bg-raised p-1 text-body shadow-menu outline-none">
          <For each={props.parts}>
            {(part) => {
              if (part === 'separator') return <DropdownMenu.Separator class="-mx-1 my-1 h-px border-0 bg-line" />;
              return 'options' in part ? <Choice choice={part} /> : <Line action={part} />;
            }}
          </For>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}
