import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { minutesText } from '#web/features/tickets/ticket-words.ts';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
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
  return (
    <For each={blocks.value()?.items ?? []}>
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
