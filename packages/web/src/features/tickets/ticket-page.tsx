import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { TicketApprovals } from '#web/features/approvals/ticket-approvals.tsx';
import { TicketChecklists } from '#web/features/checklists/ticket-checklists.tsx';
import { TimePanel } from '#web/features/time/time-panel.tsx';
import { WatcherList } from '#web/features/mail-intake/watcher-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { Composer } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { TicketAround } from './ticket-around.tsx';
import { LinkedTickets } from './record/linked-tickets.tsx';
import { ProblemPanel } from './record/problem-panel.tsx';
import { RelatedPanel } from './record/related-panel.tsx';
import { MergedNote } from './record/ticket-marks.tsx';
import { TicketPresence } from './presence.tsx';
import { TicketFields } from './ticket-fields.tsx';
import { TicketSla } from './ticket-sla.tsx';
import { TicketAgreement, TicketTitle } from './ticket-panel.tsx';
import { dayWords, SOURCES, ticketLabel, TYPES, type TicketDetail } from './ticket-words.ts';

/** A ticket on its own page: the conversation in the middle, facts, time and links at the side. */
export function TicketPage(): JSX.Element {
  const params = useParams();
  const scoped = useScopedHref();
  const number = (): number => Number((params['number'] ?? '').replace(/^T-/i, ''));
  const byNumber = createRecordQuery({
    key: () => ['ticket', 'by-number', number()],
    fetch: (signal) => api.tickets.getTicketByNumber.query({ number: number() }, { signal }),
  });
  createTitle(() => {
    const ticket = byNumber.value();
    return ticket === undefined ? undefined : `${ticketLabel(ticket.number)} ${ticket.subject}`;
  });
  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <div class="flex min-h-10 shrink-0 items-center gap-2 border-b border-line px-4 text-muted">
        <A href={scoped('/tickets')} class="inline-flex items-center gap-1.5 rounded-tag px-1 hover:text-text">
          <ArrowLeft size={14} /> Tickets
        </A>
        <span class="font-mono text-[0.9375em] text-text">{ticketLabel(number())}</span>
      </div>
      <Show when={byNumber.problem()}>
        {(problem) => (
          <ErrorState title="The ticket could not be loaded" problem={problem()} onRetry={byNumber.retry} />
        )}
      </Show>
      <Show
        when={byNumber.value()}
        fallback={
          <Show when={byNumber.problem() === undefined}>
            <div class="mx-auto w-full max-w-180 p-6">
              <SkeletonText lines={8} />
            </div>
          </Show>
        }
      >
        {(ticket) => <TicketBody ticket={ticket()} />}
      </Show>
    </div>
  );
}

function TicketBody(props: { ticket: TicketDetail }): JSX.Element {
  const { session, can } = useSession();
  return (
    <div class="flex min-h-0 flex-1 max-lg:flex-col max-lg:overflow-y-auto">
      <div class="flex min-h-0 min-w-0 flex-1 flex-col max-lg:flex-none">
        <div class="min-h-0 flex-1 overflow-y-auto max-lg:flex-none max-lg:overflow-visible">
          <div class="mx-auto w-full max-w-190 px-6 py-5">
            <TicketTitle ticket={props.ticket} isLarge />
            <TicketFields ticket={props.ticket} />
            <MergedNote ticket={props.ticket} />
            <hr class="my-5 border-line" />
            <Conversation ticket={props.ticket} myName={session().person.name} />
          </div>
        </div>
        <Show when={can('tickets.work-tickets')}>
          <div class="border-t border-line">
            <div class="mx-auto w-full max-w-190 px-6 py-4">
              <TicketPresence ticketId={props.ticket.id} />
              <Composer ticket={props.ticket} />
            </div>
          </div>
        </Show>
      </div>
      <aside
        aria-label="About this ticket"
        class="w-80 shrink-0 overflow-y-auto border-l border-line px-4 py-5 max-lg:w-full max-lg:overflow-visible max-lg:border-t max-lg:border-l-0"
      >
        <TicketSla ticketId={props.ticket.id} />
        <Facts ticket={props.ticket} />
        <TicketApprovals ticketId={props.ticket.id} clientId={props.ticket.clientId} />
        <TicketChecklists ticketId={props.ticket.id} ticketType={props.ticket.type} />
        <TimePanel
          ticketId={props.ticket.id}
          ticketLabel={`${ticketLabel(props.ticket.number)} ${props.ticket.subject}`}
        />
        <WatcherList ticketId={props.ticket.id} />
        <ProblemPanel ticket={props.ticket} />
        <RelatedPanel ticket={props.ticket} relation="child-of" />
        <Show when={props.ticket.type === 'problem'}>
          <RelatedPanel ticket={props.ticket} relation="caused-by" />
        </Show>
        <LinkedTickets ticket={props.ticket} />
        <TicketAround ticket={props.ticket} />
      </aside>
    </div>
  );
}

function Facts(props: { ticket: TicketDetail }): JSX.Element {
  const rows = (): readonly (readonly [string, JSX.Element])[] => [
    ['Type', TYPES[props.ticket.type]],
    ['Opened', <RelativeTime iso={props.ticket.openedAt} />],
    ['Came', SOURCES[props.ticket.source]],
    ['Contact', props.ticket.contactName ?? '–'],
    ['Site', props.ticket.siteName ?? '–'],
    ['Category', props.ticket.categoryName ?? '–'],
    ['Team', props.ticket.teamName ?? '–'],
    ['Queue', props.ticket.queueName ?? '–'],
    ['Priority', props.ticket.priorityReason === '' ? `P${props.ticket.priority}` : props.ticket.priorityReason],
    ...props.ticket.values.map(({ name, type, text }) => [name, type === 'date' ? dayWords(text) : text] as const),
  ];
  return (
    <section>
      <h2 class="font-semibold">Details</h2>
      <dl class="mt-2 grid grid-cols-[6rem_1fr] gap-y-1.5">
        <For each={rows()}>
          {([name, value]) => (
            <>
              <dt class="text-muted">{name}</dt>
              <dd class="min-w-0 break-words">{value}</dd>
            </>
          )}
        </For>
      </dl>
      <TicketAgreement ticket={props.ticket} />
    </section>
  );
}
