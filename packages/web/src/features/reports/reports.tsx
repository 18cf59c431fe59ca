import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { choiceField, createUrlState, textField } from '#web/app/routing/url-state.ts';
import { useScope, useScopedHref } from '#web/app/scope/scope.ts';
import { useSession } from '#web/app/session/session.tsx';
import { buttonClass } from '#web/ui/button/button.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { DeskReportView } from './desk-report.tsx';
import { lastDays, REPORTS, type Range, type ReportName } from './report-words.ts';
import { OlaReportView } from './ola-report.tsx';
import { TimeReportView } from './time-report.tsx';

const SPANS = [
  ['7', 'Last 7 days'],
  ['30', 'Last 30 days'],
  ['91', 'Last 13 weeks'],
  ['365', 'Last year'],
] as const;
const MONTH = lastDays(30);

/** How the desk does: one report at a time, over days of the reader's zone, with the tickets behind each number. */
export function Reports(): JSX.Element {
  const scope = useScope();
  const scoped = useScopedHref();
  const { can } = useSession();
  const [state, set] = createUrlState({
    report: choiceField(
      REPORTS.map(([name]) => name),
      'sla-response',
    ),
    from: textField(MONTH.from),
    to: textField(MONTH.to),
  });
  const range = (): Range => ({
    from: state.from,
    to: state.to,
    zone: Temporal.Now.timeZoneId(),
    clientId: scope.clientId,
  });
  const csv = (): string => {
    const { clientId, ...days } = range();
    const query = new URLSearchParams({ ...days, ...(clientId === undefined ? {} : { clientId }) });
    const path = { time: 'time', ola: 'olas' }[state.report as string] ?? `desk/${state.report}`;
    return `/api/v1/reports/${path}/csv?${query.toString()}`;
  };
  return (
    <>
      <ScreenHead
        title="Reports"
        actions={
          <>
            <Show when={can('satisfaction.read-ratings')}>
              <A class={buttonClass({ kind: 'quiet' })} href={scoped('/reports/ratings')}>
                Ratings
              </A>
            </Show>
            <a class={buttonClass({ kind: 'quiet' })} href={csv()} download={`${state.report}.csv`}>
              CSV
            </a>
          </>
        }
      />
      <div class="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <Select
          class="w-52"
          aria-label="Report"
          value={state.report}
          onChange={(report) => set({ report: report as ReportName }, 'push')}
          options={REPORTS.map(([value, label]) => ({ value, label }))}
        />
        <Show when={state.report !== 'backlog-age'} fallback={<span class="text-muted">As of now</span>}>
          <Input
            type="date"
            class="max-w-36"
            aria-label="From"
            value={state.from}
            max={state.to}
            onChange={(event) => event.currentTarget.value !== '' && set({ from: event.currentTarget.value })}
          />
          <span class="text-muted">to</span>
          <Input
            type="date"
            class="max-w-36"
            aria-label="To"
            value={state.to}
            min={state.from}
            onChange={(event) => event.currentTarget.value !== '' && set({ to: event.currentTarget.value })}
          />
          <Select
            class="w-36"
            aria-label="Days"
            value=""
            onChange={(days) => days !== '' && set(lastDays(Number(days)))}
            options={[{ value: '', label: 'Other days' }, ...SPANS.map(([value, label]) => ({ value, label }))]}
          />
        </Show>
      </div>
      <div class="min-h-0 flex-1 overflow-y-auto p-4" tabIndex={0} role="region" aria-label="Report">
        <Show when={deskReportOf(state.report)} fallback={<OtherReport report={state.report} range={range()} />} keyed>
          {(report) => <DeskReportView report={report} range={range()} />}
        </Show>
      </div>
    </>
  );
}

/** Null for what is not about tickets one by one. */
function deskReportOf(report: ReportName) {
  return report === 'time' || report === 'ola' ? null : report;
}

function OtherReport(props: { report: ReportName; range: Range }): JSX.Element {
  return (
    <Show when={props.report === 'ola'} fallback={<TimeReportView range={props.range} />}>
      <OlaReportView range={props.range} />
    </Show>
  );
}
