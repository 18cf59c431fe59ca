import { A } from '@solidjs/router';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Select } from '#web/ui/select/select.tsx';
import type { Policy } from './sla-source.ts';

const REFRESH_MS = 2000;
const MEASURES = [
  ['response', 'First answer'],
  ['update', 'Later answers'],
  ['resolution', 'Resolution'],
] as const;

/** Past tickets under another policy: what would have been broken, and which tickets would be judged otherwise. */
export function WhatIf(props: { policies: readonly Policy[] }): JSX.Element {
  const today = Temporal.Now.plainDateISO();
  const [policyId, setPolicyId] = createSignal<string>(props.policies[0]?.id ?? '');
  const [from, setFrom] = createSignal(today.subtract({ months: 3 }).toString());
  const [to, setTo] = createSignal(today.toString());
  const [shown, setShown] = createSignal<string>();
  const runs = createRecordQuery({
    key: () => ['what-if', 'list'],
    fetch: async (signal) => (await api['what-if'].listWhatIfs.query({}, { signal })).items,
  });
  const start = createSubmit(async () => {
    const days = { from: from(), to: to(), zone: Temporal.Now.timeZoneId() };
    const { whatIfId } = await api['what-if'].startWhatIf.mutate({ policyId: policyId() as never, ...days });
    await invalidateTopic('what-if');
    setShown(whatIfId);
  });
  return (
    <section>
      <h3 class="font-semibold">What if</h3>
      <p class="text-muted">
        Judges tickets of past days once more, as if a policy had held from the start. Nothing about them changes.
      </p>
      <FormProblem problem={start.problem()} />
      <form class="mt-2 flex flex-wrap items-center gap-2" onSubmit={start.onSubmit}>
        <Select
          class="w-48"
          aria-label="Policy to try"
          value={policyId()}
          onChange={setPolicyId}
          options={props.policies.map(({ id, name }) => ({ value: id as string, label: name }))}
        />
        <Input
          type="date"
          class="max-w-36"
          aria-label="Opened from"
          value={from()}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
        <span class="text-muted">to</span>
        <Input
          type="date"
          class="max-w-36"
          aria-label="Opened until"
          value={to()}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
        <Button type="submit" isBusy={start.isBusy()}>
          Run
        </Button>
      </form>
      <ul class="mt-1 divide-y divide-line">
        <For each={runs.value() ?? []}>
          {(run) => (
            <li class="flex flex-wrap items-center gap-x-4 py-2">
              <span class="min-w-0 flex-1">
                {run.policyName} over {run.tickets} tickets{' '}
                <span class="text-muted">
                  by {run.madeBy}, <RelativeTime iso={run.createdAt} />
                </span>
              </span>
              <Button size="small" onClick={() => setShown(run.id)}>
                {run.state === 'running' ? `${run.judged} judged` : 'Show'}
              </Button>
            </li>
          )}
        </For>
      </ul>
      <Dialog
        isOpen={shown() !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setShown();
        }}
        title="What if"
        description="Broken promises as they were, and under the other policy."
        width="wide"
      >
        <Show when={shown()} keyed>
          {(id) => <Result whatIfId={id} />}
        </Show>
      </Dialog>
    </section>
  );
}

function Result(props: { whatIfId: string }): JSX.Element {
  const query = createRecordQuery({
    key: () => ['what-if', 'one', props.whatIfId],
    fetch: (signal) => api['what-if'].getWhatIf.query({ whatIfId: props.whatIfId as never }, { signal }),
    refetchEveryMs: REFRESH_MS,
  });
  return (
    <>
      <Show when={query.problem()}>
        {(problem) => <ErrorState problem={problem()} title="The run could not be loaded" onRetry={query.retry} />}
      </Show>
      <Show when={query.value()}>
        {(run) => (
          <div class="flex flex-col gap-4">
            <p role="status">
              {run().policyName}: {run().judged} of {run().tickets} tickets judged
              {run().state === 'running' ? ' so far' : `, ${run().changed} verdicts differ`}.
            </p>
            <div class="overflow-x-auto" tabIndex={0} role="region" aria-label="Broken promises">
              <table class="w-full min-w-140 text-left">
                <thead>
                  <tr class="border-b border-line text-muted">
                    <th class="py-1.5 pr-3 font-medium">Client</th>
                    <th class="py-1.5 pr-3 font-medium">Priority</th>
                    <th class="py-1.5 pr-3 text-right font-medium">Tickets</th>
                    <For each={MEASURES}>
                      {([, label]) => <th class="py-1.5 pr-3 text-right font-medium">{label}</th>}
                    </For>
                  </tr>
                </thead>
                <tbody class="divide-y divide-line">
                  <For each={run().counts}>
                    {(line) => (
                      <tr class="tabular-nums">
                        <th class="py-1.5 pr-3 font-normal">{line.clientName}</th>
                        <td class="py-1.5 pr-3">P{line.priority}</td>
                        <td class="py-1.5 pr-3 text-right">{line.tickets}</td>
                        <For each={MEASURES}>
                          {([measure]) => (
                            <td class="py-1.5 pr-3 text-right">
                              {line[measure].before} → {line[measure].after}
                            </td>
                          )}
                        </For>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
            <Show when={run().changes.length > 0}>
              <h3 class="font-semibold">Tickets with another verdict</h3>
              <ul class="divide-y divide-line">
                <For each={run().changes}>
                  {(change) => (
                    <li class="flex flex-wrap items-baseline gap-x-3 py-1.5">
                      <A class="font-mono text-accent-text hover:underline" href={`/tickets/${change.number}`}>
                        T-{change.number}
                      </A>
                      <span class="min-w-0 flex-1 truncate">{change.subject}</span>
                      <span class="text-muted">
                        {MEASURES.find(([measure]) => measure === change.measure)?.[1]}: {change.before} →{' '}
                        {change.after}
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
        )}
      </Show>
    </>
  );
}
