import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { APPROVAL_WORDS, type Approval } from './approval-words.ts';
import { AskApproval } from './ask-approval.tsx';

/** What was asked to be approved on a ticket, by whom, and the answers. */
export function TicketApprovals(props: { ticketId: string; clientId: string }): JSX.Element {
  const { can } = useSession();
  const [isAsking, setAsking] = createSignal(false);
  const approvals = createRecordQuery({
    key: () => ['approval', 'list', 'ticket', props.ticketId],
    isEnabled: () => can('approvals.read-approvals'),
    fetch: async (signal) =>
      (await api.approvals.listTicketApprovals.query({ ticketId: props.ticketId as never }, { signal })).items,
  });
  return (
    <Show when={can('approvals.read-approvals')}>
      <section class="mt-6" aria-label="Approvals">
        <h2 class="flex items-center justify-between gap-2 font-semibold">
          Approvals
          <Show when={can('approvals.request-approval')}>
            <Button size="small" onClick={() => setAsking(true)}>
              Ask
            </Button>
          </Show>
        </h2>
        <Show when={approvals.problem()}>
          {(problem) => (
            <ErrorState title="Approvals could not be loaded" problem={problem()} onRetry={approvals.retry} />
          )}
        </Show>
        <ul class="mt-2 flex flex-col gap-3">
          <For each={approvals.value() ?? []} fallback={<li class="text-muted">Nothing was asked for yet.</li>}>
            {(approval) => <ApprovalCard approval={approval} />}
          </For>
        </ul>
        <AskApproval
          ticketId={props.ticketId}
          clientId={props.clientId}
          isOpen={isAsking()}
          onClose={() => setAsking(false)}
        />
      </section>
    </Show>
  );
}

/** One approval with its answers; with the buttons where it asks the reader. */
export function ApprovalCard(props: { approval: Approval }): JSX.Element {
  const { can } = useSession();
  const [comment, setComment] = createSignal('');
  const [given, setGiven] = createSignal<'approved' | 'refused'>('approved');
  const answer = createSubmit(async () => {
    const input = { approvalId: props.approval.id, answer: given(), comment: comment() };
    await api.approvals.answerApproval.mutate(input);
    await Promise.all([invalidateTopic('approval'), invalidateTopic('ticket')]);
  });
  const withdraw = createSubmit(async () => {
    await api.approvals.withdrawApproval.mutate({ approvalId: props.approval.id });
    await invalidateTopic('approval');
  });
  const give = (one: 'approved' | 'refused'): void => {
    setGiven(one);
    answer.run();
  };
  return (
    <li>
      <div class="flex items-center justify-between gap-2">
        <span class="min-w-0 font-medium break-words">{props.approval.subject}</span>
        <StatusPill state={APPROVAL_WORDS[props.approval.state].state} hasMark>
          {APPROVAL_WORDS[props.approval.state].label}
        </StatusPill>
      </div>
      <ul class="text-[0.9375em] text-muted">
        <For each={props.approval.steps}>
          {(step) => (
            <li>
              {step.name}: {step.answer ?? 'no answer yet'}
              {step.comment === '' ? '' : `, “${step.comment}”`}
            </li>
          )}
        </For>
        <Show when={props.approval.dueAt}>
          {(due) => (
            <li>
              Due <RelativeTime iso={due()} />
            </li>
          )}
        </Show>
      </ul>
      <FormProblem problem={answer.problem() ?? withdraw.problem()} />
      <Show when={props.approval.asksMe}>
        <div class="mt-1.5 flex flex-col gap-1.5">
          <Textarea
            aria-label="Your comment"
            placeholder="A comment, if you like"
            value={comment()}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <div class="flex gap-2">
            <Button size="small" kind="primary" isBusy={answer.isBusy()} onClick={() => give('approved')}>
              Approve
            </Button>
            <Button size="small" isBusy={answer.isBusy()} onClick={() => give('refused')}>
              Refuse
            </Button>
          </div>
        </div>
      </Show>
      <Show when={props.approval.state === 'pending' && can('approvals.request-approval')}>
        <Button class="mt-1.5" size="small" kind="quiet" isBusy={withdraw.isBusy()} onClick={withdraw.run}>
          Withdraw
        </Button>
      </Show>
    </li>
  );
}
