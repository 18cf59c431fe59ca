import ChartColumn from 'lucide-solid/icons/chart-column';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Chart } from '#web/ui/chart/chart.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { ReportTickets, type Behind } from './report-tickets.tsx';
import { rateText, valueText, type DeskReport, type Figures, type Range, type ReportName } from './report-words.ts';

type DeskReportName = Exclude<ReportName, 'time'>;
type Open = (behind: Omit<Behind, 'report'>) => void;

/** One report of the desk: the figure with its denominator, what is left out and why, over time, by priority and by client. */
export function DeskReportView(props: { report: DeskReportName; range: Range }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['report', 'list', props.report, props.range],
    fetch: (signal) => api.reporting.getDeskReport.query({ report: props.report, ...props.range } as never, { signal }),
  });
  const [behind, setBehind] = createSignal<Behind>();
  const open: Open = (only) => setBehind({ report: props.report, ...only });
  return (
    <Switch>
      <Match when={query.problem()}>
        {(problem) => <ErrorState problem={problem()} title="The report could not be made" onRetry={query.retry} />}
      </Match>
      <Match when={query.isLoading()}>
        <SkeletonText lines={6} />
      </Match>
      <Match when={query.value()}>
        {(value) => (
          <div class="flex max-w-260 flex-col gap-6">
            <Summary report={value()} open={open} />
            <Show
              when={value().byClient.length > 0}
              fallback={
                <EmptyState icon={ChartColumn} title="No ticket falls into these days">
                  Choose other days, or another client.
                </EmptyState>
              }
            >
              <OverTime report={value()} />
              <Lines
                report={value()}
                title="By priority"
                lines={value().byPriority.map((one) => ({
                  name: `P${one.priority}`,
                  figures: one,
                  only: { priority: one.priority },
                }))}
                open={open}
              />
              <Lines
                report={value()}
                title="By client"
                lines={value().byClient.map((one) => ({
                  name: one.clientName,
                  figures: one,
                  only: { clientId: one.clientId },
                }))}
                open={open}
              />
            </Show>
            <ReportTickets behind={behind()} range={props.range} shown={value()} onClose={() => setBehind()} />
          </div>
        )}
      </Match>
    </Switch>
  );
}

function Summary(props: { report: DeskReport; open: Open }): JSX.Element {
  const total = () => props.report.total;
  return (
    <section aria-label="Summary" class="flex flex-col gap-2">
      <p class="text-muted">{props.report.population}</p>
      <div class="flex flex-wrap gap-x-8 gap-y-3">
        <Show when={props.report.rateWords}>
          {(words) => <Tile figure={rateText(total().rate)} words={`${words()}: ${total().denominator} tickets`} />}
        </Show>
        <Show when={props.report.valueWords}>
          {(words) => (
            <>
              <Tile figure={valueText(props.report.report, total().median)} words={`Middle. ${words()}`} />
              <Tile figure={valueText(props.report.report, total().p90)} words="Nine in ten were within this" />
            </>
          )}
        </Show>
      </div>
      <ul class="flex flex-wrap gap-2">
        <For each={props.report.outcomes.filter(({ key }) => (total().outcomes[key] ?? 0) > 0)}>
          {(outcome) => (
            <li>
              <button
                type="button"
                class="flex items-center gap-2 rounded-control border border-line bg-surface px-2.5 py-1 hover:bg-hover"
                onClick={() => props.open({ outcome: outcome.key })}
              >
                <span class={`size-2 rounded-full ${MARKS[outcome.role]}`} aria-hidden="true" />
                <span>
                  {outcome.title}
                  {outcome.role === 'excluded' ? ' (not counted)' : ''}
                </span>
                <span class="font-semibold tabular-nums">{total().outcomes[outcome.key]}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

const MARKS = { good: 'bg-ok', bad: 'bg-critical', excluded: 'bg-line-strong' } as const;

function Tile(props: { figure: string; words: string }): JSX.Element {
  return (
    <div class="max-w-80">
      <div class="text-display leading-9 font-semibold tabular-nums">{props.figure}</div>
      <div class="text-muted">{props.words}</div>
    </div>
  );
}

function OverTime(props: { report: DeskReport }): JSX.Element {
  const weeks = () => props.report.byWeek;
  const times = () =>
    weeks().map(({ week }) =>
      Math.floor(Temporal.PlainDate.from(week).toZonedDateTime(Temporal.Now.timeZoneId()).epochMilliseconds / 1000),
    );
  const isRate = () => props.report.valueWords === null || props.report.report === 'one-touch';
  return (
    <Show when={weeks().filter(({ rate, median }) => rate !== null || median !== null).length > 1}>
      <Show
        when={isRate()}
        fallback={
          <Chart
            label={`${props.report.title} by week`}
            unit="h"
            times={times()}
            series={[
              { label: 'Middle', color: 1, values: weeks().map(({ median }) => hours(median)) },
              { label: 'Nine in ten', color: 2, values: weeks().map(({ p90 }) => hours(p90)) },
            ]}
          />
        }
      >
        <Chart
          label={`${props.report.title} by week`}
          unit="%"
          range={[0, 100]}
          times={times()}
          series={[
            {
              label: props.report.rateWords ?? '',
              color: 1,
              isArea: true,
              values: weeks().map(({ rate }) => (rate === null ? null : rate * 100)),
            },
          ]}
        />
      </Show>
    </Show>
  );
}

function hours(seconds: number | null): number | null {
  return seconds === null ? null : seconds / 3600;
}

function Lines(props: {
  report: DeskReport;
  title: string;
  lines: readonly { name: string; figures: Figures; only: Omit<Behind, 'report'> }[];
  open: Open;
}): JSX.Element {
  return (
    <section>
      <h2 class="font-semibold">{props.title}</h2>
      <div class="overflow-x-auto" tabIndex={0} role="region" aria-label={props.title}>
        <table class="w-full min-w-180 text-left">
          <thead>
            <tr class="border-b border-line text-muted">
              <th class="py-1.5 pr-3 font-medium">
                {props.title.replace('By ', '').replace(/^./, (one) => one.toUpperCase())}
              </th>
              <th class="py-1.5 pr-3 text-right font-medium">Rate</th>
              <th class="py-1.5 pr-3 text-right font-medium">of</th>
              <Show when={props.report.valueWords}>
                <th class="py-1.5 pr-3 text-right font-medium">Middle</th>
                <th class="py-1.5 pr-3 text-right font-medium">Nine in ten</th>
              </Show>
              <For each={props.report.outcomes}>
                {(outcome) => <th class="py-1.5 pr-3 text-right font-medium">{outcome.title.split(/[:,]/)[0]}</th>}
              </For>
            </tr>
          </thead>
          <tbody class="divide-y divide-line">
            <For each={props.lines}>
              {(line) => (
                <tr class="tabular-nums">
                  <th class="py-1.5 pr-3 font-normal">{line.name}</th>
                  <td class="py-1.5 pr-3 text-right font-medium">{rateText(line.figures.rate)}</td>
                  <td class="py-1.5 pr-3 text-right text-muted">{line.figures.denominator}</td>
                  <Show when={props.report.valueWords}>
                    <td class="py-1.5 pr-3 text-right">{valueText(props.report.report, line.figures.median)}</td>
                    <td class="py-1.5 pr-3 text-right">{valueText(props.report.report, line.figures.p90)}</td>
                  </Show>
                  <For each={props.report.outcomes}>
                    {(outcome) => (
                      <td class="py-1.5 pr-3 text-right">
                        <Show when={line.figures.outcomes[outcome.key]} fallback={<span class="text-faint">–</span>}>
                          {(count) => (
                            <button
                              type="button"
                              class="text-accent-text hover:underline"
                              aria-label={`${line.name}, ${outcome.title}: ${count()} tickets`}
                              onClick={() => props.open({ ...line.only, outcome: outcome.key })}
                            >
                              {count()}
                            </button>
                          )}
                        </Show>
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  );
}
