import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { minutesText, ticketLabel } from '#web/features/tickets/ticket-words.ts';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { dayText } from './billing-words.ts';

type Block = Awaited<ReturnType<(typeof api)['prepaid-hours']['listAgreementBlocks']['query']>>['items'][number];

/** What is left of hours that were bought ahead with a contract, or of those that work on a ticket draws from. Draws nothing where there are none. */
export function BlockBalance(props: { agreementId?: string; ticketId?: string }): JSX.Element {
  const { can } = useSession();
  const blocks = createRecordQuery({
    key: () => ['time-entry', 'blocks', props.agreementId, props.ticketId],
    fetch: (signal) =>
      props.agreementId === undefined
        ? api['prepaid-hours'].listTicketBlocks.query({ ticketId: props.ticketId as never }, { signal })
        : api['prepaid-hours'].listAgreementBlocks.query({ agreementId: props.agreementId as never }, { signal }),
    isEnabled: () => can('prepaid-hours.read-balances'),
  });
  return <Balances blocks={blocks.value()?.items ?? []} />;
}

/** What is left of the hours that a client bought ahead, and the last work drawn from them. Draws nothing where it bought none. */
export function ClientBlocks(props: { clientId: string }): JSX.Element {
  const { can } = useSession();
  const scoped = useScopedHref();
  const blocks = createRecordQuery({
    key: () => ['time-entry', 'blocks', 'client', props.clientId],
    fetch: (signal) => api['prepaid-hours'].listClientBlocks.query({ clientId: props.clientId }, { signal }),
    isEnabled: () => can('prepaid-hours.read-balances'),
  });
  return (
    <>
      <Show when={blocks.problem()}>
        {(problem) => (
          <ErrorState title="Hours bought ahead could not be loaded" problem={problem()} onRetry={blocks.retry} />
        )}
      </Show>
      <Show when={(blocks.value()?.items.length ?? 0) > 0}>
        <section aria-label="Hours bought ahead">
          <h2 class="font-semibold">Hours bought ahead</h2>
          <Balances blocks={blocks.value()?.items ?? []} />
          <ul class="mt-2 divide-y divide-line" aria-label="Last drawn">
            <For each={blocks.value()?.draws ?? []} fallback={<li class="text-muted">Nothing was drawn yet.</li>}>
              {(draw) => (
                <li class="flex flex-wrap items-baseline gap-x-3 py-1.5">
                  <RelativeTime iso={draw.at} class="w-28 text-muted" />
                  <span class="min-w-40 flex-1 truncate-line">
                    <Show when={draw.ticketNumber} fallback={draw.note === '' ? 'Without a ticket' : draw.note}>
                      {(number) => (
                        <A class="hover:underline" href={scoped(`/tickets/${number()}`)}>
                          <span class="font-mono text-muted">{ticketLabel(number())}</span> {draw.ticketSubject}
                        </A>
                      )}
                    </Show>
                  </span>
                  <span class="text-muted">{draw.staffName}</span>
                  <span class="tabular-nums">{signed(draw.drawnMinutes)}</span>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
    </>
  );
}

function signed(minutes: number): string {
  return minutes < 0 ? `−${minutesText(-minutes)}` : minutesText(minutes);
}

function Balances(props: { blocks: readonly Block[] }): JSX.Element {
  return (
    <For each={props.blocks}>
      {(block) => (
        <section class="mt-3 rounded-control border border-line px-3 py-2" aria-label={block.description}>
          <div class="flex flex-wrap items-baseline justify-between gap-2">
            <span class="font-medium">{block.description}</span>
            <span class={`tabular-nums ${block.overageMinutes > 0 ? 'text-warning-text' : ''}`}>{leftText(block)}</span>
          </div>
          <ProgressBar
            class="mt-1 w-full"
            share={block.usedMinutes / (block.carriedMinutes + block.boughtMinutes)}
            text={`Used ${minutesText(block.usedMinutes)} of ${block.description}`}
            state={block.overageMinutes > 0 ? 'warning' : 'neutral'}
          />
          <p class="mt-1 text-[0.9375em] text-muted">
            Used {minutesText(block.usedMinutes)} of {minutesText(block.boughtMinutes)}
            {block.carriedMinutes === 0 ? '' : ` and ${minutesText(block.carriedMinutes)} carried over`} until{' '}
            {dayText(block.periodTo)}.
            <Show when={block.lots.length > 1 || block.lots[0]?.lastDay !== block.periodTo}>
              {' '}
              {block.lots.map((lot) => `${minutesText(lot.minutes)} until ${dayText(lot.lastDay)}`).join(', ')}.
            </Show>
          </p>
        </section>
      )}
    </For>
  );
}

function leftText(block: Block): string {
  return block.overageMinutes > 0
    ? `${minutesText(block.overageMinutes)} beyond it`
    : `${minutesText(block.leftMinutes)} left`;
}
