import { For } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { minutesText } from '#web/features/tickets/ticket-words.ts';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { rangeText } from './rating-preview.tsx';

type Change = inferRouterOutputs<AppRouter>['time']['listTicketTime']['removed'][number];

/** How an entry was corrected, or what was removed: by whom, when and why. Draws nothing for none. */
export function ChangeLines(props: { changes: readonly Change[]; timeZone: string }): JSX.Element {
  return (
    <For each={props.changes}>
      {(change) => (
        <p class="my-1 text-[0.9375em]">
          {changeText(change, props.timeZone)} by {change.by} <RelativeTime iso={change.at} />: {change.reason}
        </p>
      )}
    </For>
  );
}

/** `Corrected from 20 min to 50 min`; `Removed 20 min, 09:00–09:20`. */
function changeText({ before, after }: Change, timeZone: string): string {
  const end = Temporal.Instant.from(before.startedAt).add({ minutes: Math.max(0, before.workedMinutes) });
  const range = rangeText(before.startedAt, end.toString(), timeZone);
  if (after === null) return `Removed ${minutesText(Math.abs(before.workedMinutes))}, ${range},`;
  if (before.workedMinutes !== after.workedMinutes)
    return `Corrected from ${minutesText(before.workedMinutes)} to ${minutesText(after.workedMinutes)}`;
  if (before.startedAt !== after.startedAt) return `Moved from ${range}`;
  if (before.workType !== after.workType) return `Corrected from ${before.workType} to ${after.workType} work`;
  return 'Corrected';
}
