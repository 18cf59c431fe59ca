import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { STATUSES, ticketLabel, type TicketDetail, type TicketStatus } from '../ticket-words.ts';
import { AnswerRelated } from './answer-related.tsx';
import { TicketDialog } from './ticket-dialog.tsx';

const WORDS = {
  'child-of': { title: 'Children', many: 'children' },
  'caused-by': { title: 'Incidents', many: 'incidents' },
} as const;

/** A ticket’s children, or a problem’s incidents: how far they are, and what can be done with all of them. */
export function RelatedPanel(props: { ticket: TicketDetail; relation: 'child-of' | 'caused-by' }): JSX.Element {
  const scoped = useScopedHref();
  const { can } = useSession();
  const [isOpen, setOpen] = createSignal(false);
  const related = createRecordQuery({
    key: () => ['ticket', 'list', 'related', props.ticket.id, props.relation],
    fetch: (signal) =>
      api['ticket-merging'].getRollUp.query({ ticketId: props.ticket.id, relation: props.relation }, { signal }),
  });
  const words = () => WORDS[props.relation];
  return (
    <Show when={related.value()?.total ? related.value() : undefined}>
      {(value) => (
        <section class="mt-6">
          <h2 class="flex items-baseline justify-between font-semibold">
            {words().title}
            <span class="font-normal text-muted tabular-nums">
              {value().resolved} of {value().total} done
              <Show when={value().topPriority}>{(priority) => <>, worst open P{priority()}</>}</Show>
            </span>
          </h2>
          <ProgressBar
            class="mt-2 w-full"
            share={value().resolved / value().total}
            text={`${value().resolved} of ${value().total} done`}
            state={value().open === 0 ? 'ok' : 'info'}
          />
          <ul class="mt-2 flex flex-col gap-2">
            <For each={value().items}>
              {(item) => (
                <li class="flex items-center gap-2">
                  <A class="min-w-0 flex-1 truncate-line hover:underline" href={scoped(`/tickets/${item.number}`)}>
                    <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(item.number)}</span> {item.subject}
                  </A>
                  <StatusPill state={STATUSES[item.status as TicketStatus].state}>
                    {STATUSES[item.status as TicketStatus].label}
                  </StatusPill>
                </li>
              )}
            </For>
          </ul>
          <Show when={value().total > value().items.length}>
            <p class="mt-1 text-muted">and {value().total - value().items.length} more</p>
          </Show>
          <Show when={value().open > 0 && can('tickets.work-tickets')}>
            <div class="mt-2">
              <Button size="small" onClick={() => setOpen(true)}>
                Answer or resolve {value().open} open
              </Button>
            </div>
            <TicketDialog
              isOpen={isOpen()}
              onClose={() => setOpen(false)}
              title={`${value().open} open ${words().many} of ${ticketLabel(props.ticket.number)}`}
              description="Each gets the same words in its own conversation. One that refuses leaves the others answered."
            >
              <AnswerRelated
                ticket={props.ticket}
                relation={props.relation}
                open={value().open}
                onClose={() => setOpen(false)}
              />
            </TicketDialog>
          </Show>
          <Show when={value().open > 0 && !STATUSES_OPEN.has(props.ticket.status)}>
            <p class="mt-2 text-warning-text">
              {ticketLabel(props.ticket.number)} is done, and {value().open} of its {words().many} are not.
            </p>
          </Show>
        </section>
      )}
    </Show>
  );
}

const STATUSES_OPEN: ReadonlySet<TicketStatus> = new Set(['new', 'in-progress', 'waiting-client', 'waiting-vendor']);
