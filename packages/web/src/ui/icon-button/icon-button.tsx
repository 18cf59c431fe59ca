import { Tooltip } from '@kobalte/core/tooltip';
import { Show } from 'solid-js';
import type { Component, JSX } from 'solid-js';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

export interface IconButtonProps {
  readonly icon: Component<{ class?: string; size?: number }>;
  /** Its name, read aloud and shown on hover and focus. */
  readonly label: string;
  readonly onClick: () => void;
  readonly shortcut?: string | undefined;
  readonly isPressed?: boolean | undefined;
  readonly isExpanded?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly class?: string | undefined;
}

/** A button that shows only an icon; the word is in its tooltip. */
export function IconButton(props: IconButtonProps): JSX.Element {
  return (
    <Tooltip openDelay={400} closeDelay={0} gutter={6}>
      <Tooltip.Trigger
        as="button"
        type="button"
        aria-label={props.label}
        aria-pressed={props.isPressed}
        aria-expanded={props.isExpanded}
        disabled={props.isDisabled ?? false}
        onClick={() => props.onClick()}
        class={`transition-quick inline-flex size-(--control) shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-text active:bg-pressed disabled:pointer-events-none disabled:opacity-45 aria-pressed:bg-accent-soft aria-pressed:text-accent-text ${props.class ?? ''}`}
      >
        {props.icon({ size: 15 })}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content class="z-50 flex appear items-center gap-2 rounded-control bg-raised px-2 py-1 text-body text-text shadow-menu">
          {props.label}
          <Show when={props.shortcut}>{(keys) => <Kbd keys={keys()} />}</Show>
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
