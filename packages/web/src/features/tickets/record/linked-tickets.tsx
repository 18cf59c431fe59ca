import { A } from '@solidjs/router';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { STATUSES, ticketLabel, type TicketDetail } from '../ticket-words.ts';
import { linkTitle } from './link-words.ts';

type Link = TicketDetail['links'][number];

/** The tickets that one is linked with, and how. Children and a problem’s incidents stand in a list of their own. */
export function LinkedTickets(props: { ticket: TicketDetail }): JSX.Element {
  const scoped = useScopedHref();
  const { can } = useSession();
  const isRolledUp = (link: Link): boolean =>
    link.direction === 'to' &&
    (link.kind === 'child-of' || (link.kind === 'caused-by' && props.ticket.type === 'problem'));
  const links = (): Link[] => props.ticket.links.filter((link) => !isRolledUp(link));
  return (
    <Show when={links().length > 0}>
      <section class="mt-6">
        <h2 class="font-semibold">Linked</h2>
        <ul class="mt-2 flex flex-col gap-2">
          <For each={links()}>
            {(link) => (
              <li>
                <div class="flex items-center justify-between text-[0.9375em] text-muted">
                  {linkTitle(link)}
                  <Show when={can('tickets.work-tickets')}>
                    <IconButton
                      icon={X}
                      label={`Take the link with ${ticketLabel(link.number)} away`}
                      onClick={() => void unlink(props.ticket.id, link.id)}
                    />
                  </Show>
                </div>
                <div class="flex items-center gap-2">
                  <A class="min-w-0 flex-1 truncate-line hover:underline" href={scoped(`/tickets/${link.number}`)}>
                    <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(link.number)}</span> {link.subject}
                  </A>
                  <StatusPill state={STATUSES[link.status].state}>{STATUSES[link.status].label}</StatusPill>
                </div>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

async function unlink(ticketId: string, linkId: string): Promise<void> {
  try {
    await api.tickets.unlinkTickets.mutate({ ticketId: ticketId as never, linkId: linkId as never });
    showDone('The link was taken away');
  } catch (error) {
    showProblem('The link is still there', toProblem(error).message);
  }
  await invalidateTopic('ticket');
}
