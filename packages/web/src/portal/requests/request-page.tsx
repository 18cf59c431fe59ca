import { A, useLocation, useParams } from '@solidjs/router';
import Paperclip from 'lucide-solid/icons/paperclip';
import { For, Match, Show, Switch, createEffect, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createTitle } from '#web/app/routing/titled-screen.tsx';
import { useSession } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { CommentWords } from '#web/ui/rich-text/comment-words.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { createFilePicker } from './file-picker.tsx';
import { Rating } from './rating.tsx';
import { STATUS_STATES, type PortalTicketDetail } from './request-words.ts';
import { locale, t } from '#web/language/language.ts';

type Comment = PortalTicketDetail['comments'][number];

/** One request: what was written, and a place to answer. */
export function RequestPage(): JSX.Element {
  const params = useParams<{ id: string }>();
  const ticket = createRecordQuery({
    key: () => ['ticket', 'one', params.id],
    fetch: (signal) => api.tickets.getPortalTicket.query({ ticketId: params.id }, { signal }),
  });
  createTitle(() => ticket.value()?.subject);
  return (
    <div class="mx-auto flex w-full max-w-190 flex-col gap-5">
      <A class="text-accent-text hover:underline" href="/requests">
        {t('request.all')}
      </A>
      <Switch>
        <Match when={ticket.problem()}>
          {(problem) => <ErrorState problem={problem()} title={t('request.notLoaded')} onRetry={ticket.retry} />}
        </Match>
        <Match when={ticket.isLoading()}>
          <SkeletonText lines={6} />
        </Match>
        <Match when={ticket.value()}>{(value) => <Whole ticket={value()} />}</Match>
      </Switch>
    </div>
  );
}

function Whole(props: { ticket: PortalTicketDetail }): JSX.Element {
  return (
    <>
      <header class="flex flex-col gap-2">
        <div class="flex flex-wrap items-start justify-between gap-3">
          <h1 class="min-w-0 text-display leading-9 font-semibold tracking-tight break-words">
            {props.ticket.subject}
          </h1>
          <StatusPill state={STATUS_STATES[props.ticket.status]} hasMark>
            {t(`status.${props.ticket.status}`)}
          </StatusPill>
        </div>
        <p class="text-muted">
          {t('request.number', { number: props.ticket.number })}
          {props.ticket.contactName === null ? '' : ` ${t('request.by', { name: props.ticket.contactName })}`},{' '}
          <RelativeTime iso={props.ticket.openedAt} />
          {props.ticket.assetName === null ? '' : `, ${t('requests.about', { thing: props.ticket.assetName })}`}
        </p>
        <Promises promises={props.ticket.promises} />
        <Show when={props.ticket.isMerged}>
          <p role="note" class="rounded-card bg-accent-soft p-4">
            <Show when={props.ticket.mergedInto} fallback={t('merged.elsewhere')}>
              {(into) => (
                <>
                  {t('merged.goesOnAs')}{' '}
                  <A class="text-accent-text underline" href={`/requests/${into().id}`}>
                    {t('merged.number', { number: into().number, subject: into().subject })}
                  </A>
                </>
              )}
            </Show>
          </p>
        </Show>
      </header>
      <ol class="flex flex-col gap-4" aria-label={t('request.written')}>
        <For each={props.ticket.comments}>{(comment) => <Message comment={comment} ticketId={props.ticket.id} />}</For>
      </ol>
      <Show when={props.ticket.status === 'resolved' || props.ticket.status === 'closed'}>
        <Rating ticketId={props.ticket.id} />
      </Show>
      <Answer ticket={props.ticket} />
    </>
  );
}

/** Until when we promised what; an answer to the client is named once. */
function Promises(props: { promises: PortalTicketDetail['promises'] }): JSX.Element {
  const whole = new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeStyle: 'short' });
  const shown = () =>
    props.promises.filter(
      ({ measure }) => measure !== 'update' || props.promises.every((other) => other.measure !== 'response'),
    );
  const wordsOf = ({ measure, state, dueAt }: PortalTicketDetail['promises'][number]): string => {
    const what = t(`promise.${measure}`);
    if (state === 'paused') return t('promise.paused', { what });
    if (dueAt === null) return t('promise.underWay', { what });
    const when = whole.format(Temporal.Instant.from(dueAt).epochMilliseconds);
    return t(state === 'late' ? 'promise.late' : 'promise.due', { what, when });
  };
  return (
    <ul class="flex flex-col gap-1" aria-label={t('promise.promises')}>
      <For each={shown()}>{(promise) => <li>{wordsOf(promise)}</li>}</For>
    </ul>
  );
}

function Message(props: { comment: Comment; ticketId: string }): JSX.Element {
  const isOurs = () => props.comment.authorKind === 'contact';
  return (
    <li
      class="flex gap-3 rounded-card border border-line p-4 md:p-5"
      classList={{ 'bg-surface': !isOurs(), 'bg-accent-soft border-transparent': isOurs() }}
    >
      <Avatar name={props.comment.authorName} size="large" isDecorative />
      <div class="min-w-0 flex-1">
        <p class="flex flex-wrap items-baseline justify-between gap-x-3">
          <span class="font-semibold">{props.comment.authorName}</span>
          <RelativeTime iso={props.comment.createdAt} class="text-small text-muted" />
        </p>
        <CommentWords
          comment={props.comment}
          fileHref={(fileId) => `/api/v1/portal/tickets/${props.ticketId}/files/${fileId}`}
        />
        <Show when={props.comment.attachments.length > 0}>
          <ul class="flex flex-wrap gap-2 pt-3">
            <For each={props.comment.attachments}>
              {(file) => (
                <li>
                  <a
                    class="flex min-h-10 items-center gap-2 rounded-control border border-line-strong bg-raised px-3 hover:bg-hover"
                    href={`/api/v1/portal/tickets/${props.ticketId}/files/${file.fileId}`}
                  >
                    <Paperclip size={15} class="shrink-0 text-muted" />
                    <span class="break-all">{file.fileName}</span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </li>
  );
}

function Answer(props: { ticket: PortalTicketDetail }): JSX.Element {
  const { session } = useSession();
  const location = useLocation();
  const [body, setBody] = createSignal('');
  const files = createFilePicker(() => session().client?.id ?? '');
  let area: HTMLTextAreaElement | undefined;
  createEffect(() => {
    if (location.hash === '#answer') area?.focus();
  });
  const submit = createSubmit(async () => {
    await api.tickets.replyInPortal.mutate({ ticketId: props.ticket.id, body: body(), fileIds: files.fileIds() });
    setBody('');
    files.clear();
    showDone(t('request.sent'));
    await invalidateTopic('ticket', props.ticket.id);
  });
  const isOver = () => props.ticket.status === 'resolved' || props.ticket.status === 'closed';
  return (
    <form
      class="flex flex-col gap-3 rounded-card border border-line bg-surface p-5"
      onSubmit={submit.onSubmit}
      novalidate
    >
      <Field label={isOver() ? t('request.notSolved') : t('request.write')} error={submit.problem()?.fields['body']}>
        {(control) => (
          <Textarea
            {...control}
            ref={area}
            class="min-h-28"
            value={body()}
            onInput={(event) => setBody(event.currentTarget.value)}
          />
        )}
      </Field>
      {files.view()}
      <FormProblem problem={submit.problem()} />
      <Button
        type="submit"
        kind="primary"
        size="large"
        class="self-start"
        isBusy={submit.isBusy()}
        disabled={files.isBusy() || body().trim() === ''}
      >
        {t('request.send')}
      </Button>
    </form>
  );
}
