import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark, type State } from '#web/ui/status-pill/status-pill.tsx';

const SOON_MS = 3_600_000;

const LOOKS: Partial<Readonly<Record<State, string>>> = {
  critical: 'text-critical-text font-medium',
  warning: 'text-warning-text',
};

/** When the first open promise to a ticket is due: marked where that is within the hour, and where it was broken. */
export function NextBreach(props: { at: string | null }): JSX.Element {
  return (
    <Show
      when={props.at}
      fallback={
        <span class="text-faint" title="Nothing is due">
          –
        </span>
      }
    >
      {(at) => (
        <span class={`inline-flex min-w-0 items-center gap-1.5 ${LOOKS[stateOf(at())] ?? 'text-muted'}`}>
          <Show when={stateOf(at()) !== 'neutral'}>
            <StateMark state={stateOf(at())} label={stateOf(at()) === 'critical' ? 'Overdue' : 'Due soon'} />
          </Show>
          <RelativeTime iso={at()} />
        </span>
      )}
    </Show>
  );
}

function stateOf(at: string): State {
  const left = Temporal.Instant.from(at).epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
  return left < 0 ? 'critical' : left < SOON_MS ? 'warning' : 'neutral';
}
