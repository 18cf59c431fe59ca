import { Tooltip as Base } from '@kobalte/core/tooltip';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Kbd } from '#web/ui/kbd/kbd.tsx';

export interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string | undefined;
  /** What is pointed at, rendered as the trigger's content. */
  readonly children: JSX.Element;
  readonly class?: string | undefined;
}

/** Explains on hover and on focus. Never the only place of something that is needed. */
export function Tooltip(props: TooltipProps): JSX.Element {
  return (
    <Base openDelay={400} closeDelay={0} gutter={6}>
      <Base.Trigger as="span" class={`inline-flex ${props.class ?? ''}`}>
        {props.children}
      </Base.Trigger>
      <Base.Portal>
        <Base.Content class="z-50 flex max-w-80 appear items-center gap-2 rounded-control bg-raised px-2 py-1 text-body text-text shadow-menu">
          {props.text}
          <Show when={props.shortcut}>{(keys) => <Kbd keys={keys()} />}</Show>
        </Base.Content>
      </Base.Portal>
    </Base>
  );
}
