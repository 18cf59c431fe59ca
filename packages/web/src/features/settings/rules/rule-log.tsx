import { A } from '@solidjs/router';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useScopedHref } from '#web/app/scope/scope.ts';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import type { Condition, Rule, RuleNames } from './rule-source.ts';
import { actionText, conditionText, settingOf } from './rule-words.ts';

const OUTCOMES = { done: 'done', 'nothing-to-do': 'was so already', refused: 'refused' } as const;

/** What rules did and why, newest first, of one rule or all. */
export function RuleLog(props: {
  rules: readonly Rule[];
  names: RuleNames;
  ruleId: string;
  onRule: (ruleId: string) => void;
}): JSX.Element {
  const scoped = useScopedHref();
  const runs = createListQuery({
    key: () => ['desk-rule-run', 'list', props.ruleId],
    fetchPage: (cursor, signal) =>
      api['desk-rules'].listRuns.query(
        {
          limit: 30,
          ...(props.ruleId === '' ? {} : { ruleId: props.ruleId as never }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  return (
    <section aria-label="Log" class="mt-8">
      <div class="mb-2 flex flex-wrap items-center gap-3">
        <h3 class="flex-1 font-semibold">What rules did</h3>
        <Select
          class="w-64"
          aria-label="Of which rule"
          value={props.ruleId}
          onChange={props.onRule}
          options={[
            { value: '', label: 'All rules' },
            ...props.rules.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <Show when={runs.problem()}>
        {(problem) => <ErrorState title="The log could not be loaded" problem={problem()} onRetry={runs.retry} />}
      </Show>
      <Show when={runs.isLoading()}>
        <SkeletonText lines={4} />
      </Show>
      <Show when={!runs.isLoading() && runs.problem() === undefined && runs.items().length === 0}>
        <p class="text-muted">No rule has run yet. Each run is listed here with what it saw and did.</p>
      </Show>
      <ul class="divide-y divide-line">
        <For each={runs.items()}>
          {(run) => (
            <li class="py-2">
              <details>
                <summary class="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1">
                  <StatusPill state={run.state === 'ran' ? 'ok' : 'warning'} hasMark>
                    {run.state === 'ran' ? 'Ran' : 'Held back'}
                  </StatusPill>
                  <span class="min-w-40 flex-1 truncate-line font-medium">{run.ruleName}</span>
                  <span class="font-mono text-[0.9375em] text-muted">T-{run.ticketNumber}</span>
                  <RelativeTime iso={run.at} class="text-muted" />
                </summary>
                <div class="mt-2 flex flex-col gap-1 pl-2 text-[0.9375em]">
                  <p class="text-muted">
                    <A class="hover:underline" href={scoped(`/tickets/${run.ticketNumber}`)}>
                      T-{run.ticketNumber} {run.ticketSubject}
                    </A>{' '}
                    · {run.event} · version {run.ruleVersion} of the rule
                  </p>
                  <Show when={run.reason !== ''}>
                    <p>{run.reason}</p>
                  </Show>
                  <ul>
                    <For each={run.checks}>
                      {(check) => (
                        <li>
                          {check.isMet ? '✓' : '✗'} {checkText(check, props.names)}
                        </li>
                      )}
                    </For>
                    <For each={run.actions}>
                      {(one) => (
                        <li>
                          → {actionText(one.action, props.names)}:{' '}
                          <span class={one.state === 'refused' ? 'text-critical-text' : 'text-muted'}>
                            {OUTCOMES[one.state]}
                            {whyText(one, props.names)}
                          </span>
                        </li>
                      )}
                    </For>
                  </ul>
                </div>
              </details>
            </li>
          )}
        </For>
      </ul>
      <Show when={runs.hasMore()}>
        <Button class="mt-2" isBusy={runs.isLoadingMore()} onClick={runs.loadMore}>
          Show older ones
        </Button>
      </Show>
    </section>
  );
}

/** Why an action was not done, or how: whom a turn found. What a field was before is told in the ticket's history. */
function whyText(one: { state: string; why: string; action: Record<string, unknown> }, names: RuleNames): string {
  if (
    one.why === '' ||
    (one.state === 'done' && settingOf(one.action, names)[0] !== undefined && one.action['do'] !== 'assign-by')
  )
    return '';
  return `, ${one.why}`;
}

function checkText(
  check: { field: string; fieldId?: string | undefined; op: string; wanted: readonly unknown[]; value: unknown },
  names: RuleNames,
): string {
  const isPlain = check.field === 'vip' || check.field === 'reply-awaited' || check.field === 'hours';
  const condition = { ...check, ...(isPlain ? { value: check.wanted[0] } : { values: check.wanted }) };
  return conditionText(condition as unknown as Condition, names);
}
