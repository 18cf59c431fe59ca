import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StateMark, StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { labelOf } from './action-input.ts';
import { approvalInWords, isMoving, requesterInWords, RUN_STATES, type RunDetail } from './action-words.ts';
import { RunDecision } from './run-decision.tsx';
import { RunPlan } from './run-plan.tsx';
import { TargetName } from './target-name.tsx';

/** One action from its plan to its end: what it would do, who must agree, how it went, and the buttons that are the reader's. */
export function RunView(props: { runId: string; onOtherRun: (runId: string) => void }): JSX.Element {
  const run = createRecordQuery<RunDetail>({
    key: () => ['plugin-action-run', 'one', props.runId],
    fetch: (signal) => api['plugin-actions'].getRun.query({ runId: props.runId }, { signal }),
  });
  return (
    <Switch>
      <Match when={run.problem()}>
        {(problem) => <ErrorState title="The action could not be loaded" problem={problem()} onRetry={run.retry} />}
      </Match>
      <Match when={run.value()}>{(value) => <Loaded run={value()} onOtherRun={props.onOtherRun} />}</Match>
      <Match when={run.isLoading()}>
        <SkeletonText lines={6} />
      </Match>
    </Switch>
  );
}

function Loaded(props: { run: RunDetail; onOtherRun: (runId: string) => void }): JSX.Element {
  const { session, can } = useSession();
  const viewer = () => ({ id: session().person.id, canApprove: can('plugin-actions.approve-actions') });
  return (
    <div class="flex flex-col gap-4">
      <div role="status" class="flex flex-wrap items-center gap-2">
        <StatusPill state={RUN_STATES[props.run.state].state} hasMark>
          {RUN_STATES[props.run.state].word}
        </StatusPill>
        <Show when={isMoving(props.run.state)}>
          <span class="size-1.5 breathe rounded-full bg-info" aria-hidden="true" />
        </Show>
        <span class="text-muted">{approvalInWords(props.run, viewer())}</span>
      </div>
      <RunPlan run={props.run} />
      <DescriptionList
        items={[
          { term: 'Action', value: props.run.label },
          ...Object.entries(props.run.input)
            .filter(([, value]) => value !== '' && value !== null)
            .map(([name, value]) => ({
              term: labelOf(name, {}),
              value: inputValue(props.run, name, value),
            })),
          { term: 'Planned by', value: requesterInWords(props.run) },
          ...(props.run.reason === '' ? [] : [{ term: 'Why', value: props.run.reason }]),
          { term: 'Planned', value: <RelativeTime iso={props.run.plannedAt} /> },
          ...(props.run.endedAt === null ? [] : [{ term: 'Ended', value: <RelativeTime iso={props.run.endedAt} /> }]),
        ]}
      />
      <Approvals run={props.run} />
      <Outcome run={props.run} />
      <RunDecision run={props.run} viewer={viewer()} onOtherRun={props.onOtherRun} />
    </div>
  );
}

function inputValue(run: RunDetail, name: string, value: unknown): JSX.Element {
  if (typeof value !== 'string') return JSON.stringify(value);
  return name === 'target' ? <TargetName run={run} externalId={value} /> : value;
}

function Approvals(props: { run: RunDetail }): JSX.Element {
  return (
    <Show when={props.run.approvals.length > 0}>
      <ul aria-label="Approvals" class="flex flex-col gap-1">
        <For each={props.run.approvals}>
          {(approval) => (
            <li class="flex flex-wrap items-baseline gap-x-2">
              <StateMark state={approval.decision === 'approve' ? 'ok' : 'critical'} />
              <span>
                {approval.by.name} {approval.decision === 'approve' ? 'approved' : 'refused'}{' '}
                <RelativeTime iso={approval.at} class="text-muted" />
              </span>
              <span class="break-words text-muted">{approval.reason}</span>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/** How it ended, and what the vendor answered when it was asked again. */
function Outcome(props: { run: RunDetail }): JSX.Element {
  return (
    <>
      <Show when={props.run.result}>
        {(result) => (
          <section class="flex flex-col gap-1">
            <h3 class="font-medium">What came of it</h3>
            <p class="break-words">{result().summary}</p>
            <For each={result().failures ?? []}>
              {(failure) => <p class="break-words text-critical-text">{failure}</p>}
            </For>
          </section>
        )}
      </Show>
      <Show when={props.run.message !== '' && props.run.message !== props.run.result?.summary}>
        <p class="break-words" classList={{ 'text-critical-text': props.run.state === 'failed' }}>
          {props.run.message}
        </p>
      </Show>
      <Show when={props.run.verification}>
        {(verification) => (
          <p class="flex items-baseline gap-2">
            <StateMark state={verification().holds ? 'ok' : 'warning'} />
            <span class="break-words">
              {verification().holds
                ? 'Read back at the vendor: it holds.'
                : 'Read back at the vendor: it does not show there.'}{' '}
              {verification().detail ?? ''}
            </span>
          </p>
        )}
      </Show>
    </>
  );
}
