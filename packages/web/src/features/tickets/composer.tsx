import { Show, createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { Textarea } from '#web/ui/textarea/textarea.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { AttachButton, AttachmentList, createAttachments } from './attach-files.tsx';
import { createTimer } from './timer-source.ts';
import { minutesText, WORK_TYPES, type TicketDetail, type WorkType } from './ticket-words.ts';

/** What was typed and not sent, by ticket: moving through the list loses none of it. */
const drafts = new Map<string, string>();

/** Writes to the client or to colleagues, and logs the time that it took. */
export function Composer(props: { ticket: TicketDetail }): JSX.Element {
  const [kind, setKind] = createSignal<'reply' | 'note'>('reply');
  const [body, setBody] = createSignal('');
  const [minutes, setMinutes] = createSignal('');
  const [workType, setWorkType] = createSignal<WorkType>('remote');
  const timer = createTimer();
  const attachments = createAttachments(() => props.ticket.clientId);
  let area: HTMLTextAreaElement | undefined;
  const draftKey = (): string => `${props.ticket.id} ${kind()}`;
  createEffect(on(draftKey, (key) => setBody(drafts.get(key) ?? '')));
  createEffect(on(() => props.ticket.id, attachments.clear, { defer: true }));
  const write = (text: string): void => {
    setBody(text);
    if (text === '') drafts.delete(draftKey());
    else drafts.set(draftKey(), text);
  };
  const isTimerHere = (): boolean => timer.value()?.timer?.ticketId === props.ticket.id;
  const send = async (status?: 'waiting-client'): Promise<void> => {
    const { id } = props.ticket;
    const fileIds = attachments.files().map((file) => file.id) as never[];
    if (body().trim() !== '') {
      if (kind() === 'note') await api.tickets.addNote.mutate({ ticketId: id, body: body(), fileIds });
      else
        await api.tickets.replyToTicket.mutate({
          ticketId: id,
          body: body(),
          fileIds,
          ...(status === undefined || props.ticket.status === status ? {} : { status }),
        });
      write('');
      attachments.clear();
    }
    const worked = Number.parseInt(minutes(), 10);
    if (worked > 0) {
      const logged = await api.time.logTime.mutate({ ticketId: id, minutes: worked, workType: workType() });
      setMinutes('');
      showDone(`Logged ${minutesText(logged.workedMinutes)}, ${minutesText(logged.billableMinutes)} billable`);
    }
    await Promise.all([invalidateTopic('ticket', id), invalidateTopic('time-entry')]);
  };
  const submit = createSubmit(send);
  const submitAndWait = createSubmit(() => send('waiting-client'));
  const isReply = (): boolean => kind() === 'reply';
  const isEmpty = (): boolean =>
    attachments.isUploading() || (body().trim() === '' && !(Number.parseInt(minutes(), 10) > 0));
  const run = (): void => {
    if (!isEmpty()) (isReply() ? submitAndWait : submit).run();
  };
  const focusOn = (next: 'reply' | 'note'): void => {
    setKind(next);
    area?.focus();
  };
  registerWriting(focusOn);
  return (
    <form
      class="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        run();
      }}
    >
      <ComposerHead kind={kind()} onKind={setKind} ticketId={props.ticket.id} />
      <Textarea
        ref={area}
        aria-label={isReply() ? 'Reply' : 'Internal note'}
        class={isReply() ? '' : 'bg-warning-soft'}
        placeholder={
          isReply()
            ? `Write to ${props.ticket.contactName ?? props.ticket.clientName ?? 'the client'}…`
            : 'Only colleagues read this…'
        }
        value={body()}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            run();
          } else if (event.key === 'Escape') {
            event.stopPropagation();
            event.currentTarget.blur();
          }
        }}
      />
      <AttachmentList attachments={attachments} />
      <FormProblem problem={submit.problem() ?? submitAndWait.problem()} />
      <div class="flex flex-wrap items-center gap-2">
        <TimeFields
          isTimerHere={isTimerHere()}
          minutes={minutes()}
          workType={workType()}
          onMinutes={setMinutes}
          onWorkType={setWorkType}
        />
        <AttachButton attachments={attachments} />
        <span class="ml-auto flex gap-2">
          <Show
            when={isReply()}
            fallback={
              <Button kind="primary" shortcut="mod+enter" isBusy={submit.isBusy()} disabled={isEmpty()} onClick={run}>
                Add note
              </Button>
            }
          >
            <Button isBusy={submit.isBusy()} disabled={isEmpty()} onClick={() => submit.run()}>
              Send
            </Button>
            <Button
              kind="primary"
              shortcut="mod+enter"
              isBusy={submitAndWait.isBusy()}
              disabled={isEmpty()}
              onClick={run}
            >
              Send and wait
            </Button>
          </Show>
        </span>
      </div>
    </form>
  );
}

function registerWriting(focusOn: (kind: 'reply' | 'note') => void): void {
  registerActions(
    { id: 'tickets.reply', name: 'Reply', group: 'Ticket', shortcut: 'r', run: () => focusOn('reply') },
    { id: 'tickets.note', name: 'Internal note', group: 'Ticket', shortcut: 'n', run: () => focusOn('note') },
  );
}

function TimeFields(props: {
  isTimerHere: boolean;
  minutes: string;
  workType: WorkType;
  onMinutes: (minutes: string) => void;
  onWorkType: (workType: WorkType) => void;
}): JSX.Element {
  return (
    <Show
      when={!props.isTimerHere}
      fallback={<span class="text-[0.9375em] text-muted">The timer runs; stopping it logs the time.</span>}
    >
      <span class="w-16">
        <Input
          class="text-right tabular-nums"
          inputmode="numeric"
          aria-label="Minutes worked"
          placeholder="min"
          value={props.minutes}
          onInput={(event) => props.onMinutes(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 4))}
        />
      </span>
      <Select
        class="w-32"
        aria-label="Kind of work"
        value={props.workType}
        onChange={(value) => props.onWorkType(value as WorkType)}
        options={WORK_TYPES.map((value) => ({ value, label: value[0]?.toUpperCase() + value.slice(1) }))}
      />
    </Show>
  );
}

function ComposerHead(props: {
  kind: 'reply' | 'note';
  onKind: (kind: 'reply' | 'note') => void;
  ticketId: TicketDetail['id'];
}): JSX.Element {
  const time = createRecordQuery({
    key: () => ['time-entry', 'list', 'ticket', props.ticketId],
    fetch: (signal) => api.time.listTicketTime.query({ ticketId: props.ticketId }, { signal }),
  });
  return (
    <div class="-mt-2 flex items-center gap-2">
      <Tabs
        label="Write"
        value={props.kind}
        onChange={(value) => props.onKind(value as 'reply' | 'note')}
        items={[
          { value: 'reply', label: 'Reply' },
          { value: 'note', label: 'Internal note' },
        ]}
      />
      <Show when={time.value()}>
        {(value) => (
          <span class="ml-auto text-[0.9375em] text-muted tabular-nums">
            {minutesText(value().workedMinutes)} worked, {minutesText(value().billableMinutes)} billable
          </span>
        )}
      </Show>
    </div>
  );
}
