import { A } from '@solidjs/router';
import { For, Show, createEffect, createSignal, on, untrack } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ArticleSuggestions } from '#web/features/knowledge/article-suggestions.tsx';
import { insertIntoReply } from '#web/features/replies/insert-into-reply.ts';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { STATUSES, ticketLabel, type TicketDetail } from './ticket-words.ts';

/** What is known around a ticket: articles that may help, tickets that were alike, how it was rated. */
export function TicketAround(props: { ticket: TicketDetail }): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  // Whoever looks at the ticket has seen where they are named on it.
  createEffect(
    on(
      () => props.ticket.id,
      (ticketId) =>
        void api.replies.seeMentions
          .mutate({ ticketId })
          .then(({ seen }) => (seen > 0 ? invalidateTopic('reply-mention') : undefined))
          .catch(() => undefined),
    ),
  );
  // One after the other, each when it is known how much room those above take.
  const [settled, setSettled] = createSignal(0);
  const matter = (): string =>
    `${props.ticket.subject} ${props.ticket.comments.findLast((comment) => comment.authorKind === 'contact')?.body.slice(0, 300) ?? ''}`;
  return (
    <>
      <Show when={can('knowledge.write-articles')}>
        <p class="mt-6">
          <A class={buttonClass({ size: 'small' })} href={scoped(`/knowledge/new?ticket=${props.ticket.number}`)}>
            Make an article of this
          </A>
        </p>
      </Show>
      <ArticleSuggestions
        onSettled={() => setSettled(Math.max(settled(), 1))}
        text={matter()}
        clientId={props.ticket.clientId}
        onInsert={(article) => insertIntoReply(props.ticket.id, article.html)}
      />
      <Show when={settled() >= 1}>
        <Ratings ticketId={props.ticket.id} onSettled={() => setSettled(Math.max(settled(), 2))} />
      </Show>
      <Show when={settled() >= 2}>
        <Similar ticket={props.ticket} />
      </Show>
    </>
  );
}

function Similar(props: { ticket: TicketDetail }): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  const similar = createRecordQuery({
    key: () => ['ticket', 'one', props.ticket.id, 'similar', props.ticket.subject],
    fetch: (signal) => api.tickets.listSimilarTickets.query({ ticketId: props.ticket.id }, { signal }),
  });
  const isLinked = (id: string): boolean => props.ticket.links.some((link) => link.ticketId === id);
  const link = async (
    toTicketId: TicketDetail['id'],
    kind: 'related' | 'duplicate-of',
    label: string,
  ): Promise<void> => {
    try {
      await api.tickets.linkTickets.mutate({ ticketId: props.ticket.id, toTicketId, kind });
      await invalidateTopic('ticket', props.ticket.id);
      showDone(kind === 'related' ? `Linked with ${label}` : `Marked as a duplicate of ${label}`);
    } catch (error) {
      showProblem('The tickets were not linked', toProblem(error).message);
    }
  };
  return (
    <Show when={(similar.value()?.items.length ?? 0) > 0}>
      <section class="mt-6" aria-label="Similar tickets">
        <h2 class="font-semibold">Similar tickets</h2>
        <ul class="mt-2 flex flex-col gap-2.5">
          <For each={similar.value()?.items ?? []}>
            {(other) => (
              <li>
                <div class="flex items-center gap-2">
                  <A class="min-w-0 flex-1 truncate-line hover:underline" href={scoped(`/tickets/${other.number}`)}>
                    <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(other.number)}</span>{' '}
                    {other.subject}
                  </A>
                  <StatusPill state={STATUSES[other.status].state}>{STATUSES[other.status].label}</StatusPill>
                </div>
                <Show when={other.lastWords}>
                  {(words) => <p class="line-clamp-2 text-[0.9375em] text-muted">“{words()}”</p>}
                </Show>
                <Show when={can('tickets.work-tickets') && !isLinked(other.id)}>
                  <div class="mt-0.5 flex gap-1">
                    <Button
                      size="small"
                      kind="quiet"
                      onClick={() => void link(other.id, 'related', ticketLabel(other.number))}
                    >
                      Link
                    </Button>
                    <Button
                      size="small"
                      kind="quiet"
                      onClick={() => void link(other.id, 'duplicate-of', ticketLabel(other.number))}
                    >
                      Is a duplicate
                    </Button>
                  </div>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

const SCORES = ['Bad', 'Poor', 'All right', 'Good', 'Excellent'];

function Ratings(props: { ticketId: TicketDetail['id']; onSettled: () => void }): JSX.Element {
  const { can } = useSession();
  const ratings = createRecordQuery({
    key: () => ['satisfaction', 'one', props.ticketId],
    fetch: (signal) => api.satisfaction.listTicketRatings.query({ ticketId: props.ticketId }, { signal }),
    isEnabled: () => can('satisfaction.read-ratings'),
  });
  createEffect(() => {
    const isKnown = ratings.value() !== undefined || ratings.problem() !== undefined;
    if (isKnown || !can('satisfaction.read-ratings')) untrack(() => props.onSettled());
  });
  return (
    <Show when={(ratings.value()?.items.length ?? 0) > 0}>
      <section class="mt-6" aria-label="Rating">
        <h2 class="font-semibold">Rating</h2>
        <ul class="mt-2 flex flex-col gap-2">
          <For each={ratings.value()?.items ?? []}>
            {(rating) => (
              <li>
                <Show
                  when={rating.score}
                  fallback={
                    <span class="text-muted">
                      {rating.contactName} was asked <RelativeTime iso={rating.askedAt} />
                    </span>
                  }
                >
                  {(score) => (
                    <>
                      <StatusPill state={score() >= 4 ? 'ok' : score() === 3 ? 'warning' : 'critical'}>
                        {SCORES[score() - 1]} ({score()} of 5)
                      </StatusPill>{' '}
                      <span class="text-muted">{rating.contactName}</span>
                      <Show when={rating.comment !== ''}>
                        <p class="whitespace-pre-wrap">{rating.comment}</p>
                      </Show>
                    </>
                  )}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
