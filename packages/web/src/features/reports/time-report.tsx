import Timer from 'lucide-solid/icons/timer';
import { createSignal, For, Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { minutesText } from '#web/features/tickets/ticket-words.ts';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { BehindLine, type LineBehind } from './behind-line.tsx';
import type { Range, TimeReport } from './report-words.ts';

/** What was worked for whom under which contract, what of it is to be billed, and what is on invoices. */
export function TimeReportView(props: { range: Range }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['report', 'list', 'time', props.range],
    fetch: (signal) => api.reporting.getTimeReport.query({ ...props.range } as never, { signal }),
  });
  return (
    <Switch>
      <Match when={query.problem()}>
        {(problem) => <ErrorState problem={problem()} title="The report could not be made" onRetry={query.retry} />}
      </Match>
      <Match when={query.isLoading()}>
        <SkeletonText lines={6} />
      </Match>
      <Match when={query.value()?.items.length === 0}>
        <EmptyState icon={Timer} title="No time was logged in these days">
          Choose other days, or another client.
        </EmptyState>
      </Match>
      <Match when={query.value()}>{(value) => <Lines report={value()} range={props.range} />}</Match>
    </Switch>
  );
}

function Lines(props: { report: TimeReport; range: Range }): JSX.Element {
  const [behind, setBehind] = createSignal<LineBehind>();
  const look = (line: TimeReport['items'][number]): void => {
    const about = { ...props.range, clientId: line.clientId, agreementId: line.agreementId };
    setBehind({
      title: `${line.clientName}: ${line.agreementName ?? 'no contract'}`,
      key: ['time', about],
      fetch: async (signal) => {
        const { items } = await api.reporting.listTimeTickets.query(about as never, { signal });
        return items.map((one) => ({
          ...one,
          text: `${minutesText(one.workedMinutes)} worked, ${minutesText(one.billableMinutes)} billable`,
        }));
      },
    });
  };
  const most = () => Math.max(...props.report.items.map(({ workedMinutes }) => workedMinutes), 1);
  return (
    <section class="max-w-260">
      <p class="text-muted">
        Work that began in these days: {props.report.total.entries} entries,{' '}
        {minutesText(props.report.total.workedMinutes)} worked, {minutesText(props.report.total.billableMinutes)}{' '}
        billable, {minutesText(props.report.total.invoicedMinutes ?? 0)} on invoices.
        {props.report.total.running === 0 ? '' : ` ${props.report.total.running} still run and are not counted.`}
      </p>
      <div class="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="Time by client and contract">
        <table class="w-full min-w-160 text-left">
          <thead>
            <tr class="border-b border-line text-muted">
              <th class="py-1.5 pr-3 font-medium">Client</th>
              <th class="py-1.5 pr-3 font-medium">Contract</th>
              <th class="py-1.5 pr-3 text-right font-medium">Tickets</th>
              <th class="w-48 py-1.5 pr-3 font-medium">Worked, of it billable</th>
              <th class="py-1.5 pr-3 text-right font-medium">Worked</th>
              <th class="py-1.5 pr-3 text-right font-medium">Billable</th>
              <th class="py-1.5 pr-3 text-right font-medium">Invoiced</th>
            </tr>
          </thead>
          <tbody class="divide-y divide-line">
            <For each={props.report.items}>
              {(line) => (
                <tr class="tabular-nums">
                  <th class="py-1.5 pr-3 font-normal">{line.clientName}</th>
                  <td class="py-1.5 pr-3">{line.agreementName ?? <span class="text-muted">No contract</span>}</td>
                  <td class="py-1.5 pr-3 text-right">
                    <button
                      type="button"
                      class="text-accent-text hover:underline"
                      aria-label={`Tickets of ${line.clientName}, ${line.agreementName ?? 'no contract'}: ${line.tickets}`}
                      onClick={() => look(line)}
                    >
                      {line.tickets}
                    </button>
                  </td>
                  <td class="py-1.5 pr-3" aria-hidden="true">
                    <Bar worked={line.workedMinutes} billable={line.billableMinutes} most={most()} />
                  </td>
                  <td class="py-1.5 pr-3 text-right">{minutesText(line.workedMinutes)}</td>
                  <td class="py-1.5 pr-3 text-right">{minutesText(line.billableMinutes)}</td>
                  <td class="py-1.5 pr-3 text-right">
                    {line.invoicedMinutes === null ? '–' : minutesText(line.invoicedMinutes)}
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <BehindLine line={behind()} lead="The most worked first." onClose={() => setBehind()} />
    </section>
  );
}

function Bar(props: { worked: number; billable: number; most: number }): JSX.Element {
  const width = (minutes: number): string => `${Math.max(0, Math.min(100, (minutes / props.most) * 100))}%`;
  return (
    <div class="relative h-2 overflow-hidden rounded-full bg-sunken">
      <span class="absolute inset-y-0 left-0 bg-line-strong" style={{ width: width(props.worked) }} />
      <span
        class="absolute inset-y-0 left-0 bg-accent"
        style={{ width: width(Math.min(props.billable, props.worked)) }}
      />
    </div>
  );
}
