import { Tooltip } from '@kobalte/core/tooltip';
import { Show, splitProps } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

export interface IconButtonProps extends Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'type'> {
  readonly icon: Component<{ class?: string; size?: number }>;
  /** Its name, read aloud and shown on hover and focus. */
  readonly label: string;
  readonly shortcut?: string | undefined;
  readonly isPressed?: boolean | undefined;
}

/** A button that shows only an icon; the word is in its tooltip. */
export function IconButton(props: IconButtonProps): JSX.Element {
  const [own, rest] = splitProps(props, ['icon', 'label', 'shortcut', 'isPressed', 'class']);
  return (
    <Tooltip openDelay={400} closeDelay={0} gutter={6}>
      <Tooltip.Trigger
        {...rest}
        as="button"
        type="button"
        aria-label={own.label}
        aria-pressed={own.isPressed}
        class={`transition-quick inline-flex size-(--control) shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text active:bg-pressed disabled:pointer-events-none disabled:opacity-45 aria-pressed:bg-accent-soft aria-pressed:text-accent-text ${own.class ?? ''}`}
      >
        {own.icon({ size: 15 })}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content class="z-50 flex appear items-center gap-2 rounded-control bg-raised px-2 py-1 text-body text-text shadow-menu">
          {own.label}
          <Show when={own.shortcut}>{(keys) => <Kbd keys={keys()} />}</Show>
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
