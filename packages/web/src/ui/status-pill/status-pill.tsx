import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

/** What colour may say. `neutral` says nothing. */
export type State = 'critical' | 'warning' | 'ok' | 'info' | 'paused' | 'unknown' | 'neutral';

const PILLS: Readonly<Record<State, string>> = {
  critical: 'bg-critical-soft text-critical-text',
  warning: 'bg-warning-soft text-warning-text',
  ok: 'bg-ok-soft text-ok-text',
  info: 'bg-info-soft text-info-text',
  paused: 'bg-paused-soft text-paused-text',
  unknown: 'bg-unknown-soft text-unknown-text',
  neutral: 'border border-line-strong text-muted',
};

const FILLS: Readonly<Record<State, string>> = {
  critical: 'fill-critical',
  warning: 'fill-warning',
  ok: 'fill-ok',
  info: 'fill-info',
  paused: 'fill-paused',
  unknown: 'fill-none stroke-unknown stroke-[1.6]',
  neutral: 'fill-faint',
};

const SHAPES: Readonly<Record<State, string>> = {
  critical: 'M6 1l5.5 10H.5z',
  warning: 'M1.5 1.5h9v9h-9z',
  ok: 'M6 1a5 5 0 110 10A5 5 0 016 1z',
  info: 'M6 .5L11.5 6 6 11.5.5 6z',
  paused: 'M2 1.5h3v9H2zM7 1.5h3v9H7z',
  unknown: 'M6 1.8a4.2 4.2 0 110 8.4 4.2 4.2 0 010-8.4z',
  neutral: 'M6 3a3 3 0 110 6 3 3 0 010-6z',
};

/** The shape of a state: each state has its own, so that it is read without its colour. `label` where no word stands beside. */
export function StateMark(props: { state: State; label?: string | undefined }): JSX.Element {
  return (
    <svg
      viewBox="0 0 12 12"
      class={`size-2.5 shrink-0 ${FILLS[props.state]}`}
      role={props.label === undefined ? undefined : 'img'}
      aria-label={props.label}
      aria-hidden={props.label === undefined}
    >
      <path d={SHAPES[props.state]} />
    </svg>
  );
}

/** A state as a word on its ground: "In progress". With `hasMark` also its shape. */
export function StatusPill(props: { state: State; children: JSX.Element; hasMark?: boolean | undefined }): JSX.Element {
  return (
    <span
      class={`inline-flex h-5.5 max-w-full items-center gap-1.5 rounded-full px-2 text-[0.9375em] leading-[1.25] font-medium whitespace-nowrap ${PILLS[props.state]}`}
    >
      <Show when={props.hasMark}>
        <StateMark state={props.state} />
      </Show>
      <span class="truncate-line">{props.children}</span>
    </span>
  );
}

/** A small word or number without a state. */
export function Badge(props: { children: JSX.Element }): JSX.Element {
  return (
    <span class="inline-flex h-5 items-center rounded-full border border-line-strong px-2 text-[0.75rem] text-muted">
      {props.children}
    </span>
  );
}
