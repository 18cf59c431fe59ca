import { A } from '@solidjs/router';
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { locale, t } from '#web/language/language.ts';
import { Words } from '#web/language/words.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { moneyText } from '#web/ui/money/money-text.ts';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';

type Approval = Awaited<ReturnType<typeof api.approvals.listPortalApprovals.query>>['items'][number];

const STATES = {
  pending: 'info',
  approved: 'ok',
  refused: 'critical',
  expired: 'warning',
  withdrawn: 'neutral',
} as const;

/** What the contact was asked to approve: what waits for them first, with the answer beside it. */
export function ApprovalList(): JSX.Element {
  const approvals = createRecordQuery({
    key: () => ['approval', 'list', 'portal'],
    fetch: async (signal) => (await api.approvals.listPortalApprovals.query({}, { signal })).items,
  });
  const sorted = () => (approvals.value() ?? []).toSorted((a, b) => Number(b.isMyTurn) - Number(a.isMyTurn));
  return (
    <div class="mx-auto flex w-full max-w-190 flex-col gap-5">
      <h1 class="text-display font-semibold tracking-tight">{t('approvals.title')}</h1>
      <Switch>
        <Match when={approvals.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('approvals.notLoaded')} onRetry={approvals.retry} />}
        </Match>
        <Match when={approvals.isLoading()}>
          <div class="rounded-card border border-line bg-surface p-6">
            <SkeletonText lines={4} />
          </div>
        </Match>
        <Match when={sorted().length === 0}>
          <EmptyState title={t('approvals.none')}>{t('approvals.noneMore')}</EmptyState>
        </Match>
        <Match when={sorted().length > 0}>
          <ul class="flex flex-col gap-4">
            <For each={sorted()}>{(approval) => <Card approval={approval} />}</For>
          </ul>
        </Match>
      </Switch>
    </div>
  );
}

function Card(props: { approval: Approval }): JSX.Element {
  const [comment, setComment] = createSignal('');
  const [given, setGiven] = createSignal<'approved' | 'refused'>('approved');
  const submit = createSubmit(async () => {
    await api.approvals.answerInPortal.mutate({ approvalId: props.approval.id, answer: given(), comment: comment() });
    await Promise.all([invalidateTopic('approval'), invalidateTopic('ticket')]);
    showDone(t(given() === 'approved' ? 'approvals.youApproved' : 'approvals.youRefused'));
  });
  const give = (answer: 'approved' | 'refused'): void => {
    setGiven(answer);
    submit.run();
  };
  return (
    <li class="rounded-card border border-line bg-surface p-5 md:p-6">
      <div class="flex flex-wrap items-center justify-between gap-3">
        <h2 class="min-w-0 text-large font-semibold break-words">{props.approval.subject}</h2>
        <StatusPill state={STATES[props.approval.state]} hasMark>
          {t(`approvals.${props.approval.state}`)}
        </StatusPill>
      </div>
      <p class="text-small text-muted">
        <Words
          of="approvals.asked"
          with={{ name: props.approval.requestedBy, when: <RelativeTime iso={props.approval.createdAt} /> }}
        />{' '}
        <Show when={props.approval.dueAt}>
          {(due) => (
            <>
              <Words of="approvals.answerBy" with={{ when: <RelativeTime iso={due()} /> }} />{' '}
            </>
          )}
        </Show>
        <A class="text-accent-text hover:underline" href={`/requests/${props.approval.ticketId}`}>
          {t('approvals.request')}
        </A>
      </p>
      <Show when={props.approval.body !== ''}>
        <p class="mt-3 break-words whitespace-pre-wrap">{props.approval.body}</p>
      </Show>
      <Show when={amountText(props.approval)}>
        {(amount) => <p class="mt-3 font-semibold tabular-nums">{amount()}</p>}
      </Show>
      <Show when={props.approval.answer}>
        {(answer) => (
          <p class="mt-3 text-muted">
            {t(answer() === 'approved' ? 'approvals.youApproved' : 'approvals.youRefused')}
            {props.approval.comment === '' ? '' : ` “${props.approval.comment}”`}
          </p>
        )}
      </Show>
      <Show when={props.approval.isMyTurn}>
        <div class="mt-4 flex flex-col gap-3">
          <Field label={t('approvals.comment')} error={submit.problem()?.fields['comment']}>
            {(control) => (
              <Textarea {...control} value={comment()} onInput={(event) => setComment(event.currentTarget.value)} />
            )}
          </Field>
          <FormProblem problem={submit.problem()} />
          <div class="flex flex-wrap gap-3">
            <Button kind="primary" size="large" isBusy={submit.isBusy()} onClick={() => give('approved')}>
              {t('approvals.approve')}
            </Button>
            <Button size="large" isBusy={submit.isBusy()} onClick={() => give('refused')}>
              {t('approvals.refuse')}
            </Button>
          </div>
        </div>
      </Show>
    </li>
  );
}

function amountText({ amountMinor, currency }: Approval): string | undefined {
  return amountMinor === null || currency === null ? undefined : moneyText(amountMinor, currency, locale());
}
