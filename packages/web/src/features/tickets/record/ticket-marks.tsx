import AlarmClock from 'lucide-solid/icons/alarm-clock';
import Merge from 'lucide-solid/icons/merge';
import Moon from 'lucide-solid/icons/moon';
import Star from 'lucide-solid/icons/star';
import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { unmerge } from './merge-form.tsx';

const MARK = 'inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-[0.9375em] font-medium';

/** What is special about a ticket now, each with its word: a VIP’s, snoozed, back from a snooze. */
export function TicketMarks(props: { ticket: TicketDetail }): JSX.Element {
  return (
    <>
      <Show when={props.ticket.isVip}>
        <span class={`${MARK} bg-accent-soft text-accent-text`} title={props.ticket.priorityReason}>
          <Star size={12} /> VIP
        </span>
      </Show>
      <Show when={props.ticket.isSnoozed}>
        <span class={`${MARK} bg-paused-soft text-paused-text`}>
          <Moon size={12} /> {snoozeText(props.ticket)}
        </span>
      </Show>
      <Show when={props.ticket.wokenAt}>
        <span class={`${MARK} bg-warning-soft text-warning-text`}>
          <AlarmClock size={12} /> Back from a snooze
        </span>
      </Show>
    </>
  );
}

/** Until when a ticket sleeps, in the reader’s zone. */
export function snoozeText(ticket: { snoozedUntil: string | null; isSnoozedUntilReply: boolean }): string {
  if (ticket.snoozedUntil === null) return 'Snoozed until a reply';
  const at = Temporal.Instant.from(ticket.snoozedUntil).toZonedDateTimeISO(Temporal.Now.timeZoneId());
  const day = at.toLocaleString(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  return `Snoozed until ${day}${ticket.isSnoozedUntilReply ? ' or a reply' : ''}`;
}

/** Says of a merged ticket where it goes on. */
export function MergedNote(props: { ticket: TicketDetail }): JSX.Element {
  const scoped = useScopedHref();
  const { can } = useSession();
  return (
    <Show when={props.ticket.mergedIntoNumber}>
      {(number) => (
        <p class="mt-3 flex flex-wrap items-center gap-2 rounded-card bg-info-soft px-3 py-2">
          <Merge size={14} />
          <span>
            This ticket goes on as{' '}
            <A class="font-medium underline" href={scoped(`/tickets/${number()}`)}>
              {ticketLabel(number())}
            </A>
            .
          </span>
          <Show when={can('tickets.work-tickets')}>
            <span class="ml-auto">
              <Button size="small" onClick={() => void unmerge(props.ticket.id)}>
                Take the merge back
              </Button>
            </span>
          </Show>
        </p>
      )}
    </Show>
  );
}
