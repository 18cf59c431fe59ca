import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { liveState } from '#web/app/live/live-updates.ts';

/** Whether what others change appears by itself now. */
export function LivePill(): JSX.Element {
  return (
    <span role="status" class="max-sm:hidden">
      <Switch>
        <Match when={liveState() === 'live'}>
          <span
            class="rounded-full bg-ok-soft px-2 py-0.5 text-[0.75rem] font-medium text-ok-text"
            title="Changes by others appear by themselves"
          >
            Live
          </span>
        </Match>
        <Match when={liveState() === 'lost'}>
          <span
            class="rounded-full bg-warning-soft px-2 py-0.5 text-[0.75rem] font-medium text-warning-text"
            title="The connection was lost; it is tried again by itself. What you see may be older."
          >
            Reconnecting
          </span>
        </Match>
      </Switch>
    </span>
  );
}
