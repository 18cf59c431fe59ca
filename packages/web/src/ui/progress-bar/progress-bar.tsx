import type { JSX } from 'solid-js';
import type { State } from '#web/ui/status-pill/status-pill.tsx';

const FILLS: Readonly<Record<State, string>> = {
  critical: 'bg-critical',
  warning: 'bg-warning',
  ok: 'bg-ok',
  info: 'bg-info',
  paused: 'bg-paused',
  unknown: 'bg-unknown',
  neutral: 'bg-accent',
};

/** How much of something is done or used. `share` is 0 to 1; `text` says it in words: "14 of 214 devices". */
export function ProgressBar(props: {
  share: number;
  text: string;
  state?: State | undefined;
  class?: string | undefined;
}): JSX.Element {
  const percent = (): number => Math.round(Math.min(Math.max(props.share, 0), 1) * 100);
  return (
    <div
      class={`h-1 overflow-hidden rounded-full bg-pressed ${props.class ?? 'w-full'}`}
      role="progressbar"
      aria-valuenow={percent()}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label={props.text}
      aria-valuetext={props.text}
    >
      <div class={`h-full rounded-full ${FILLS[props.state ?? 'neutral']}`} style={{ width: `${percent()}%` }} />
    </div>
  );
}
