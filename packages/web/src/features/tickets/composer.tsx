import { Show, createEffect, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { registerActions } from '#web/app/actions/actions.ts';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createDraft, saveDraft, storeDraft, type DraftKind } from '#web/features/replies/draft.ts';
import { holdSend, isHeld, sendNow } from '#web/features/replies/held-send.ts';
import { takeInserts } from '#web/features/replies/insert-into-reply.ts';
import { PickText } from '#web/features/replies/pick-text.tsx';
import { RunMacro } from '#web/features/replies/run-macro.tsx';
import {
  createMacros,
  createTemplates,
  insertTemplate,
  openPlaceholders,
  triggersOf,
} from '#web/features/replies/writing-source.ts';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import type { RichEditorApi } from '#web/ui/rich-editor/editor-api.ts';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { AttachButton, AttachmentList, createAttachments } from './attach-files.tsx';
import { ComposerHead, OpenPlaceholders, ReplyEditor, SendButtons, TimeFields } from './composer-parts.tsx';
import { createMeanwhile, Meanwhile } from './meanwhile.tsx';
import { createAssignees } from './ticket-source.ts';
import { createTimer } from './timer-source.ts';
import { minutesText, ticketLabel, type TicketDetail, type TicketStatus, type WorkType } from './ticket-words.ts';

/** Writes to the client or to colleagues, and logs the time that it took. */
export function Composer(props: { ticket: TicketDetail }): JSX.Element {
  const [kind, setKind] = createSignal<DraftKind>('reply');
  const [minutes, setMinutes] = createSignal('');
  const [workType, setWorkType] = createSignal<WorkType>('remote');
  const [macroId, setMacroId] = createSignal<string>();
  const timer = createTimer();
  const templates = createTemplates();
  const macros = createMacros();
  const assignees = createAssignees();
  const editors: Partial<Record<DraftKind, RichEditorApi>> = {};
  const draft = createDraft(
    () => ({ ticketId: props.ticket.id, kind: kind() }),
    (html) => editors[kind()]?.setHtml(html),
  );
  const insert = (html: string): void => editors[kind()]?.insert({ kind: 'html', html });
  const attachments = createAttachments(
    () => props.ticket.clientId,
    (file) => insert(`<img src="attachment:${file.id}" alt="${file.name.replaceAll(/[<>"&]/g, '')}">`),
  );
  createEffect(on(() => props.ticket.id, attachments.clear, { defer: true }));
  const isReply = (): boolean => kind() === 'reply';
  const isWritten = (): boolean => draft.html().trim() !== '';
  const isEmpty = (): boolean => attachments.isUploading() || (!isWritten() && !(Number.parseInt(minutes(), 10) > 0));
  const open = (): string[] => openPlaceholders(draft.html());
  const meanwhile = createMeanwhile(
    () => props.ticket,
    () => isReply() && isWritten(),
  );
  const heldKey = (): string => `reply ${props.ticket.id}`;

  const send = async (status?: TicketStatus): Promise<void> => {
    const { id, number } = props.ticket;
    // What somebody else said since is read first; the words stay where they are.
    if (isReply() && isWritten() && meanwhile.ask()) return;
    if (isWritten()) {
      const html = draft.html();
      const fileIds = filesOf(html, attachments.files()) as never[];
      if (isReply()) {
        const change = status === undefined || props.ticket.status === status ? {} : { status };
        const reply = { ticketId: id, html, fileIds, ...change, lastSeenCommentId: meanwhile.lastSeen() };
        // Until it is sent it stays a draft on the server.
        draft.clear({ isSent: false });
        holdSend(
          `reply ${id}`,
          `The reply on ${ticketLabel(number)} goes out in ten seconds`,
          async () => {
            await api.tickets.replyToTicket.mutate(reply);
            await saveDraft(id, 'reply', '');
            await invalidateTopic('ticket', id);
          },
          () => giveBack(id, html),
        );
      } else {
        await api.tickets.addNote.mutate({ ticketId: id, html, fileIds });
        draft.clear({ isSent: true });
      }
      attachments.clear();
    }
    if (await logTime(id, minutes(), workType())) setMinutes('');
    await Promise.all([invalidateTopic('ticket', id), invalidateTopic('time-entry')]);
  };
  const giveBack = (ticketId: string, html: string): void => {
    storeDraft(ticketId, 'reply', html);
    if (props.ticket.id !== ticketId) return;
    setKind('reply');
    draft.write(html);
    editors.reply?.setHtml(html);
  };
  const submits = {
    plain: createSubmit(() => send()),
    wait: createSubmit(() => send('waiting-client')),
    resolve: createSubmit(() => send('resolved')),
  };
  const run = (): void => {
    if (isEmpty() && isHeld(heldKey())) sendNow(heldKey());
    else if (!isEmpty() && open().length === 0) (isReply() ? submits.wait : submits.plain).run();
  };
  const focusOn = (next: DraftKind): void => {
    setKind(next);
    requestAnimationFrame(() => editors[next]?.focus());
  };
  registerWriting(focusOn);
  takeInserts(() => props.ticket.id, insert);
  registerMacros(() => macros.value()?.items ?? [], setMacroId);
  const editorOf = (which: DraftKind): JSX.Element => (
    <ReplyEditor
      kind={which}
      who={props.ticket.contactName ?? props.ticket.clientName ?? 'the client'}
      html={draft.html()}
      onChange={draft.write}
      onSubmit={run}
      onFiles={attachments.add}
      api={(given) => {
        editors[which] = given;
      }}
      triggers={triggersOf({
        people: () => assignees.value()?.items ?? [],
        templates: () => templates.value()?.items ?? [],
        onTemplate: (id) => void insertTemplate(editors[which], id, props.ticket.id),
      })}
    />
  );
  return (
    <form class="flex flex-col gap-2" onSubmit={submitBy(run)}>
      <ComposerHead kind={kind()} onKind={setKind} ticketId={props.ticket.id} draft={draft.state()} />
      <Show when={isReply()} fallback={editorOf('note')}>
        {editorOf('reply')}
      </Show>
      <AttachmentList attachments={attachments} />
      <OpenPlaceholders names={open()} />
      <Meanwhile meanwhile={meanwhile} onSend={run} />
      <FormProblem problem={submits.plain.problem() ?? submits.wait.problem() ?? submits.resolve.problem()} />
      <div class="flex flex-wrap items-center gap-2">
        <TimeFields
          isTimerHere={timer.value()?.timer?.ticketId === props.ticket.id}
          minutes={minutes()}
          workType={workType()}
          onMinutes={setMinutes}
          onWorkType={setWorkType}
        />
        <AttachButton attachments={attachments} />
        <PickText
          templates={templates.value()?.items ?? []}
          macros={macros.value()?.items ?? []}
          onTemplate={(id) => void insertTemplate(editors[kind()], id, props.ticket.id)}
          onMacro={setMacroId}
        />
        <SendButtons
          isReply={isReply()}
          isHeld={isHeld(heldKey()) && !isWritten()}
          isOff={isEmpty() || open().length > 0}
          submits={submits}
          onMain={run}
          onNow={() => sendNow(heldKey())}
        />
      </div>
      <RunMacro macroId={macroId()} ticket={props.ticket} onClose={() => setMacroId(undefined)} />
    </form>
  );
}

function submitBy(run: () => void): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault();
    run();
  };
}

/** Logs what was typed as minutes; false where that is nothing. */
async function logTime(ticketId: TicketDetail['id'], typed: string, workType: WorkType): Promise<boolean> {
  const minutes = Number.parseInt(typed, 10);
  if (!(minutes > 0)) return false;
  const logged = await api.time.logTime.mutate({ ticketId, minutes, workType });
  showDone(`Logged ${minutesText(logged.workedMinutes)}, ${minutesText(logged.billableMinutes)} billable`);
  return true;
}

/** What is attached, and what the words show: after a reload only the words know of an image. */
function filesOf(html: string, attached: readonly { id: string }[]): string[] {
  const shown = [...html.matchAll(/attachment:([0-9a-f-]{36})/g)].map((match) => match[1] ?? '');
  return [...new Set([...attached.map((file) => file.id), ...shown])];
}

function registerWriting(focusOn: (kind: DraftKind) => void): void {
  registerActions(
    { id: 'tickets.reply', name: 'Reply', group: 'Ticket', shortcut: 'r', run: () => focusOn('reply') },
    { id: 'tickets.note', name: 'Internal note', group: 'Ticket', shortcut: 'n', run: () => focusOn('note') },
  );
}

/** Each macro is a line of the palette, as long as a ticket is open. */
function registerMacros(macros: () => readonly { id: string; name: string }[], run: (id: string) => void): void {
  createEffect(() =>
    registerActions(
      ...macros().map(({ id, name }) => ({
        id: `replies.macro ${id}`,
        name: `Macro: ${name}`,
        group: 'Macros',
        run: () => run(id),
      })),
    ),
  );
}
