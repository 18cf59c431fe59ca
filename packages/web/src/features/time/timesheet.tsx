import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { DecideWeek } from './decide-week.tsx';
import { WritingEntry } from './entry-actions.tsx';
import type { EntryToWrite } from './entry-times.ts';
import { StartTimer } from './start-timer.tsx';
import { signedMinutes } from './time-panel.tsx';
import { WeekDay } from './week-day.tsx';
import type { Week } from './week-words.ts';

const STATES: Readonly<Record<Week['state'], readonly [string, State]>> = {
  open: ['Open', 'neutral'],
  submitted: ['Handed in', 'info'],
  approved: ['Approved', 'ok'],
  returned: ['Returned', 'warning'],
};

/** A week of somebody's work, day by day, with what overlaps, what lies between and what is missing; and its way to approval. */
export function Timesheet(): JSX.Element {
  const [state, setState] = createUrlState({ staff: optionalField(), day: optionalField() });
  const asked = () => ({
    ...(state.staff === undefined ? {} : { staffId: state.staff as never }),
    ...(state.day === undefined ? {} : { day: state.day }),
  });
  const week = createRecordQuery({
    key: () => ['time-entry', 'list', 'week', state.staff, state.day],
    fetch: (signal) => api.time.getWeek.query(asked(), { signal }),
  });
  const people = createRecordQuery({
    key: () => ['time-entry', 'list', 'weeks', state.day],
    fetch: (signal) => api.time.listWeeks.query(state.day === undefined ? {} : { day: state.day }, { signal }),
  });
  const move = (days: number): void => {
    const start = week.value()?.weekStart;
    if (start !== undefined) setState({ day: Temporal.PlainDate.from(start).add({ days }).toString() });
  };
  const options = () =>
    (people.value()?.items ?? []).map((one) => ({
      value: one.staffId as string,
      label: `${one.staffName}, ${signedMinutes(one.workedMinutes)}${one.state === 'submitted' ? ', handed in' : ''}`,
    }));
  const [writing, setWriting] = createSignal<EntryToWrite>();
  const [isStarting, setStarting] = createSignal(false);
  const { can } = useSession();
  const zone = (): string => week.value()?.timeZone ?? Temporal.Now.timeZoneId();
  if (can('time.log-time'))
    registerActions(
      { id: 'time.log', name: 'Log time', group: 'Time', shortcut: 'c', run: () => setWriting({ timeZone: zone() }) },
      { id: 'time.start', name: 'Start a timer', group: 'Time', run: () => setStarting(true) },
      { id: 'time.week-before', name: 'The week before', group: 'Time', shortcut: 'k', run: () => move(-7) },
      { id: 'time.week-after', name: 'The week after', group: 'Time', shortcut: 'j', run: () => move(7) },
    );
  return (
    <>
      <WritingEntry entry={writing()} onClose={() => setWriting(undefined)} />
      <StartTimer isOpen={isStarting()} onClose={() => setStarting(false)} />
      <ScreenHead
        title="Timesheet"
        actions={
          <>
            <IconButton icon={ChevronLeft} label="The week before" onClick={() => move(-7)} />
            <IconButton icon={ChevronRight} label="The week after" onClick={() => move(7)} />
            <Show when={can('time.log-time')}>
              <Button onClick={() => setStarting(true)}>Timer…</Button>
              <Button kind="primary" shortcut="c" onClick={() => setWriting({ timeZone: zone() })}>
                Log time…
              </Button>
            </Show>
          </>
        }
      >
        <Select
          class="w-64 max-w-full"
          aria-label="Whose"
          value={week.value()?.staffId ?? ''}
          onChange={(staff) => setState({ staff })}
          options={options()}
        />
      </ScreenHead>
      <div class="min-h-0 flex-1 overflow-y-auto" tabindex="0" role="region" aria-label="The week">
        <Show when={week.problem()}>
          {(problem) => <ErrorState title="The week could not be loaded" problem={problem()} onRetry={week.retry} />}
        </Show>
        <Show
          when={week.value()}
          fallback={
            <Show when={week.problem() === undefined}>
              <div class="p-6">
                <SkeletonText lines={10} />
              </div>
            </Show>
          }
        >
          {(value) => (
            <div class="mx-auto w-full max-w-280 px-4 py-4">
              <WeekHead week={value()} />
              <div class="mt-4 flex flex-col gap-3">
                <For each={value().days}>{(day) => <WeekDay day={day} week={value()} />}</For>
              </div>
            </div>
          )}
        </Show>
      </div>
    </>
  );
}

function WeekHead(props: { week: Week }): JSX.Element {
  const title = (): string => {
    const start = Temporal.PlainDate.from(props.week.weekStart);
    const full = { day: 'numeric', month: 'long', year: 'numeric' } as const;
    return `${start.toLocaleString(undefined, { day: 'numeric', month: 'long' })} – ${start.add({ days: 6 }).toLocaleString(undefined, full)}`;
  };
  const sums = () =>
    [
      ['Worked', props.week.workedMinutes],
      ['Billable', props.week.billableMinutes],
      ['Invoiced', props.week.invoicedMinutes],
      ['Missing', props.week.missingMinutes],
    ] as const;
  return (
    <div>
      <div class="flex flex-wrap items-center gap-3">
        <h2 class="text-large font-semibold">
          {props.week.staffName}, {title()}
        </h2>
        <StatusPill state={STATES[props.week.state][1]} hasMark>
          {STATES[props.week.state][0]}
        </StatusPill>
        <span class="ml-auto">
          <DecideWeek week={props.week} />
        </span>
      </div>
      <p class="mt-1 text-muted">
        Days in {props.week.timeZone}.{' '}
        <Show when={props.week.decidedBy !== ''}>
          {STATES[props.week.state][0]} by {props.week.decidedBy}
          {props.week.note === '' ? '.' : `: ${props.week.note}`}
        </Show>
      </p>
      <dl class="mt-3 grid grid-cols-4 gap-3 rounded-card border border-line px-4 py-3 max-md:grid-cols-2">
        <For each={sums()}>
          {([name, minutes]) => (
            <div>
              <dt class="text-[0.9375em] text-muted">{name}</dt>
              <dd class={`text-large tabular-nums ${name === 'Missing' && minutes > 0 ? 'text-warning-text' : ''}`}>
                {signedMinutes(minutes)}
              </dd>
            </div>
          )}
        </For>
      </dl>
    </div>
  );
}
