import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { valueText, type DeskReport, type Range } from './report-words.ts';

/** Which number is looked behind. */
export interface Behind {
  readonly report: string;
  readonly outcome?: string;
  readonly priority?: number;
  readonly clientId?: string;
}

/** More than these are in the ticket list or the file. */
const SHOWN = 200;

/** The tickets behind one number of a report. */
export function ReportTickets(props: {
  behind: Behind | undefined;
  range: Range;
  shown: DeskReport;
  onClose: () => void;
}): JSX.Element {
  const outcome = () => props.shown.outcomes.find(({ key }) => key === props.behind?.outcome);
  return (
    <Dialog
      isOpen={props.behind !== undefined}
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
      title={`${props.shown.title}: ${outcome()?.title ?? 'tickets'}`}
      description="The newest tickets first."
      width="wide"
    >
      <Show when={props.behind} keyed>
        {(behind) => <List behind={behind} range={props.range} />}
      </Show>
    </Dialog>
  );
}

function List(props: { behind: Behind; range: Range }): JSX.Element {
  const scoped = useScopedHref();
  const query = createRecordQuery({
    key: () => ['report', 'list', 'tickets', props.behind, props.range],
    fetch: (signal) =>
      api.reporting.listReportTickets.query({ ...props.range, ...props.behind, limit: SHOWN } as never, { signal }),
  });
  return (
    <>
      <Show when={query.problem()}>
        {(problem) => <ErrorState problem={problem()} title="The tickets could not be loaded" onRetry={query.retry} />}
      </Show>
      <Show when={query.isLoading()}>
        <SkeletonText lines={5} />
      </Show>
      <ul class="divide-y divide-line">
        <For each={query.value()?.items ?? []}>
          {(ticket) => (
            <li class="flex flex-wrap items-baseline gap-x-3 py-1.5">
              <A class="font-mono text-accent-text hover:underline" href={scoped(`/tickets/${ticket.number}`)}>
                T-{ticket.number}
              </A>
              <span class="min-w-0 flex-1 truncate">{ticket.subject}</span>
              <span class="text-muted">
                P{ticket.priority} · {ticket.clientName}
              </span>
              <Show when={ticket.value !== null}>
                <span class="tabular-nums">{valueText(props.behind.report, ticket.value)}</span>
              </Show>
              <RelativeTime iso={ticket.at} class="text-muted" />
            </li>
          )}
        </For>
      </ul>
      <Show when={query.value()?.nextCursor}>
        <p class="pt-2 text-muted">These are the newest {SHOWN}. Take fewer days, or one client, to see the others.</p>
      </Show>
    </>
  );
}
