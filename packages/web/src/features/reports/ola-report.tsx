import Users from 'lucide-solid/icons/users';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { BehindLine, type LineBehind } from './behind-line.tsx';
import { rateText, valueText, type OlaReport, type Range } from './report-words.ts';

const OUTCOMES = [
  ['met', 'Met'],
  ['breached', 'Breached'],
  ['undecided', 'Not decided yet'],
  ['none', 'Nothing promised'],
] as const;
const TITLES: Readonly<Record<string, string>> = Object.fromEntries(OUTCOMES);

/** How long tickets were with which team, and whether that was within its OLA. */
export function OlaReportView(props: { range: Range }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['report', 'list', 'ola', props.range],
    fetch: (signal) => api.reporting.getOlaReport.query({ ...props.range } as never, { signal }),
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
        <EmptyState icon={Users} title="No team got a ticket in these days under an OLA">
          OLAs are chosen in Settings, SLA. What was with a team before is not counted.
        </EmptyState>
      </Match>
      <Match when={query.value()}>{(value) => <Lines report={value()} range={props.range} />}</Match>
    </Switch>
  );
}

function Lines(props: { report: OlaReport; range: Range }): JSX.Element {
  const [behind, setBehind] = createSignal<LineBehind>();
  const look = (team: OlaReport['items'][number], outcome: (typeof OUTCOMES)[number]): void => {
    const about = { ...props.range, teamId: team.teamId, outcome: outcome[0] };
    setBehind({
      title: `${team.teamName}: ${outcome[1]}`,
      key: ['ola', about],
      fetch: async (signal) => {
        const { items } = await api.reporting.listOlaTickets.query(about as never, { signal });
        return items.map((one) => ({ ...one, text: `${one.clientName} · ${TITLES[one.outcome] ?? ''}` }));
      },
    });
  };
  return (
    <section class="max-w-260">
      <p class="text-muted">
        Times with a team that began in these days. One that is overdue is breached, also while the ticket is still
        there. The rate is how many of those that were met or breached were met.
      </p>
      <div class="mt-2 overflow-x-auto" tabIndex={0} role="region" aria-label="OLA by team">
        <table class="w-full min-w-160 text-left">
          <thead>
            <tr class="border-b border-line text-muted">
              <th class="py-1.5 pr-3 font-medium">Team</th>
              <th class="py-1.5 pr-3 text-right font-medium">Rate</th>
              <For each={OUTCOMES}>{([, title]) => <th class="py-1.5 pr-3 text-right font-medium">{title}</th>}</For>
              <th class="py-1.5 pr-3 text-right font-medium">Middle time with the team</th>
            </tr>
          </thead>
          <tbody class="divide-y divide-line">
            <For each={props.report.items}>
              {(team) => (
                <tr class="tabular-nums">
                  <th class="py-1.5 pr-3 font-normal">{team.teamName}</th>
                  <td class="py-1.5 pr-3 text-right font-medium">{rateText(team.rate)}</td>
                  <For each={OUTCOMES}>
                    {(outcome) => (
                      <td class="py-1.5 pr-3 text-right">
                        <Show when={team[outcome[0]] > 0} fallback="0">
                          <button
                            type="button"
                            class="text-accent-text hover:underline"
                            aria-label={`${team.teamName}, ${outcome[1]}: ${team[outcome[0]]}`}
                            onClick={() => look(team, outcome)}
                          >
                            {team[outcome[0]]}
                          </button>
                        </Show>
                      </td>
                    )}
                  </For>
                  <td class="py-1.5 pr-3 text-right">{valueText('ola', team.median)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <BehindLine line={behind()} lead="The newest stays first." onClose={() => setBehind()} />
    </section>
  );
}
