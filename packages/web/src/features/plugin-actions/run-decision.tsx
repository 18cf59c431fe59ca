import { Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { isForViewer, type RunDetail } from './action-words.ts';

interface RunDecisionProps {
  readonly run: RunDetail;
  readonly viewer: { readonly id: string; readonly canApprove: boolean };
  /** A plan that takes this one back was made. */
  readonly onOtherRun: (runId: string) => void;
}

/** What the reader may do about an action now: have it done, approve, refuse, take back, say what became of it. */
export function RunDecision(props: RunDecisionProps): JSX.Element {
  const { can } = useSession();
  const canRun = () => can('plugin-actions.run-actions');
  const isOwn = () => props.run.requester.id === props.viewer.id;
  return (
    <Switch>
      <Match when={props.run.state === 'planned' && props.run.verdict === 'deny'}>
        <p class="rounded-control bg-critical-soft px-3 py-2 text-critical-text">
          The policy denies this. Nothing was done.
        </p>
      </Match>
      <Match when={props.run.state === 'planned' && isOwn() && canRun()}>
        <Request run={props.run} />
      </Match>
      <Match when={isForViewer(props.run, props.viewer)}>
        <Decide run={props.run} />
      </Match>
      <Match when={(props.run.state === 'waiting' || props.run.state === 'approved') && canRun()}>
        <TakeBack run={props.run} />
      </Match>
      <Match when={props.run.state === 'unknown' && canRun()}>
        <Settle run={props.run} />
      </Match>
      <Match
        when={
          (props.run.state === 'done' || props.run.state === 'partly-done') &&
          props.run.undoesId === null &&
          props.run.plan.isReversible &&
          canRun()
        }
      >
        <Undo run={props.run} onPlanned={props.onOtherRun} />
      </Match>
    </Switch>
  );
}

async function refresh(run: RunDetail): Promise<void> {
  await invalidateTopic('plugin-action-run', run.id);
}

function ReasonField(props: {
  value: string;
  onInput: (value: string) => void;
  hint: string;
  error?: string | undefined;
  isRequired?: boolean;
}): JSX.Element {
  return (
    <Field label="Reason" hint={props.hint} error={props.error} isRequired={props.isRequired}>
      {(control) => (
        <Textarea
          {...control}
          rows={2}
          maxLength={500}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function Request(props: { run: RunDetail }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const submit = createSubmit(async () => {
    const { id: runId, planHash } = props.run;
    await api['plugin-actions'].requestRun.mutate({ runId, planHash, reason: reason() });
    await refresh(props.run);
  });
  return (
    <form class="flex flex-col gap-3" onSubmit={submit.onSubmit}>
      <ReasonField
        value={reason()}
        onInput={setReason}
        hint="Whoever approves it, and the audit trail, read this."
        error={submit.problem()?.fields['reason']}
      />
      <FormProblem problem={submit.problem()} fields={['reason']} />
      <div class="flex">
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          {props.run.approvalsNeeded === 0
            ? 'Do it'
            : props.run.approvalsNeeded === 1
              ? 'Ask for approval'
              : `Ask for ${props.run.approvalsNeeded} approvals`}
        </Button>
      </div>
    </form>
  );
}

function Decide(props: { run: RunDetail }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const decide = (decision: 'approve' | 'reject') =>
    createSubmit(async () => {
      const { id: runId, planHash } = props.run;
      await api['plugin-actions'].decideRun.mutate({ runId, planHash, decision, reason: reason() });
      await refresh(props.run);
    });
  const approve = decide('approve');
  const reject = decide('reject');
  return (
    <form class="flex flex-col gap-3" onSubmit={approve.onSubmit}>
      <ReasonField value={reason()} onInput={setReason} hint="Kept with your decision." />
      <FormProblem problem={approve.problem() ?? reject.problem()} />
      <div class="flex flex-wrap gap-2">
        <Button kind="primary" type="submit" isBusy={approve.isBusy()}>
          Approve
        </Button>
        <Button kind="danger" isBusy={reject.isBusy()} onClick={reject.run}>
          Refuse
        </Button>
      </div>
    </form>
  );
}

function TakeBack(props: { run: RunDetail }): JSX.Element {
  const submit = createSubmit(async () => {
    await api['plugin-actions'].cancelRun.mutate({ runId: props.run.id });
    await refresh(props.run);
  });
  return (
    <div class="flex flex-col items-start gap-3">
      <FormProblem problem={submit.problem()} />
      <Button isBusy={submit.isBusy()} onClick={submit.run}>
        Take it back
      </Button>
    </div>
  );
}

function Settle(props: { run: RunDetail }): JSX.Element {
  const [reason, setReason] = createSignal('');
  const settle = (wasDone: boolean) =>
    createSubmit(async () => {
      await api['plugin-actions'].settleRun.mutate({ runId: props.run.id, wasDone, reason: reason() });
      await refresh(props.run);
      await invalidateTopic('plugin-connection');
    });
  const [done, failed] = [settle(true), settle(false)];
  const problem = () => done.problem() ?? failed.problem();
  return (
    <form class="flex flex-col gap-3" onSubmit={done.onSubmit}>
      <p>
        The vendor was asked and did not answer. It is not tried again by itself. Look there, then say whether it was
        done.
      </p>
      <ReasonField
        value={reason()}
        onInput={setReason}
        hint="Where you looked, and what you saw."
        error={problem()?.fields['reason']}
        isRequired
      />
      <FormProblem problem={problem()} fields={['reason']} />
      <div class="flex flex-wrap gap-2">
        <Button type="submit" isBusy={done.isBusy()}>
          It was done
        </Button>
        <Button isBusy={failed.isBusy()} onClick={failed.run}>
          It was not done
        </Button>
      </div>
    </form>
  );
}

function Undo(props: { run: RunDetail; onPlanned: (runId: string) => void }): JSX.Element {
  const submit = createSubmit(async () => {
    const { runId } = await api['plugin-actions'].planUndo.mutate({ runId: props.run.id });
    await invalidateTopic('plugin-action-run');
    props.onPlanned(runId);
  });
  return (
    <div class="flex flex-col items-start gap-3">
      <FormProblem problem={submit.problem()} />
      <Show when={submit.problem() === undefined}>
        <Button isBusy={submit.isBusy()} onClick={submit.run}>
          Undo
        </Button>
      </Show>
    </div>
  );
}
