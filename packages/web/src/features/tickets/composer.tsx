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
  type Template,
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
  const ticket = (): TicketDetail => props.ticket;
  const [macroId, setMacroId] = createSignal<string>();
  const timer = createTimer();
  const templates = createTemplates();
  const macros = createMacros();
  const assignees = createAssignees();
  const writing = createWriting(ticket);
  const worked = createWorked();
  const sending = createSending(ticket, writing, worked);
  registerWriting(writing.focusOn);
  takeInserts(() => props.ticket.id, writing.insert);
  registerMacros(() => macros.value()?.items ?? [], setMacroId);
  const editorOf = (kind: DraftKind): JSX.Element => (
    <WritingEditor
      kind={kind}
      ticket={props.ticket}
      writing={writing}
      people={assignees.value()?.items ?? []}
      templates={templates.value()?.items ?? []}
      onSubmit={sending.run}
    />
  );
  return (
    <form class="flex flex-col gap-2" onSubmit={submitBy(sending.run)}>
      <ComposerHead
        kind={writing.kind()}
        onKind={writing.setKind}
        ticketId={props.ticket.id}
        draft={writing.draft.state()}
      />
      <Show when={writing.isReply()} fallback={editorOf('note')}>
        {editorOf('reply')}
      </Show>
      <AttachmentList attachments={writing.attachments} />
      <OpenPlaceholders names={writing.placeholders()} />
      <Meanwhile meanwhile={sending.meanwhile} onSend={sending.run} />
      <FormProblem problem={sending.problem()} />
      <div class="flex flex-wrap items-center gap-2">
        <TimeFields
          isTimerHere={timer.value()?.timer?.ticketId === props.ticket.id}
          minutes={worked.minutes()}
          workType={worked.workType()}
          onMinutes={worked.setMinutes}
          onWorkType={worked.setWorkType}
        />
        <AttachButton attachments={writing.attachments} />
        <PickText
          templates={templates.value()?.items ?? []}
          macros={macros.value()?.items ?? []}
          onTemplate={(id) => writing.insertTemplate(writing.kind(), id)}
          onMacro={setMacroId}
        />
        <SendButtons
          isReply={writing.isReply()}
          isHeld={sending.isHeld() && !writing.isWritten()}
          isOff={sending.isOff()}
          submits={sending.submits}
          onMain={sending.run}
          onNow={sending.sendHeld}
        />
      </div>
      <RunMacro macroId={macroId()} ticket={props.ticket} onClose={() => setMacroId(undefined)} />
    </form>
  );
}

/** The editor of one kind, which `writing` then knows. */
function WritingEditor(props: {
  kind: DraftKind;
  ticket: TicketDetail;
  writing: Writing;
  people: readonly { readonly id: string; readonly name: string }[];
  templates: readonly Template[];
  onSubmit: () => void;
}): JSX.Element {
  return (
    <ReplyEditor
      kind={props.kind}
      who={props.ticket.contactName ?? props.ticket.clientName ?? 'the client'}
      html={props.writing.draft.html()}
      onChange={props.writing.draft.write}
      onSubmit={props.onSubmit}
      onFiles={props.writing.attachments.add}
      api={(editor) => props.writing.setEditor(props.kind, editor)}
      triggers={triggersOf({
        people: () => props.people,
        templates: () => props.templates,
        onTemplate: (id) => props.writing.insertTemplate(props.kind, id),
      })}
    />
  );
}

type Writing = ReturnType<typeof createWriting>;

/** What is being written on a ticket, a reply or a note, with its files and the editors that show it. */
function createWriting(ticket: () => TicketDetail) {
  const [kind, setKind] = createSignal<DraftKind>('reply');
  const editors: Partial<Record<DraftKind, RichEditorApi>> = {};
  const draft = createDraft(
    () => ({ ticketId: ticket().id, kind: kind() }),
    (html) => editors[kind()]?.setHtml(html),
  );
  const insert = (html: string): void => editors[kind()]?.insert({ kind: 'html', html });
  const attachments = createAttachments(
    () => ticket().clientId,
    (file) => insert(`<img src="attachment:${file.id}" alt="${file.name.replaceAll(/[<>"&]/g, '')}">`),
  );
  createEffect(on(() => ticket().id, attachments.clear, { defer: true }));
  return {
    kind,
    setKind,
    draft,
    attachments,
    insert,
    isReply: (): boolean => kind() === 'reply',
    isWritten: (): boolean => draft.html().trim() !== '',
    placeholders: (): string[] => openPlaceholders(draft.html()),
    setEditor: (which: DraftKind, editor: RichEditorApi): void => {
      editors[which] = editor;
    },
    insertTemplate: (into: DraftKind, templateId: string): void =>
      void insertTemplate(editors[into], templateId, ticket().id),
    focusOn: (next: DraftKind): void => {
      setKind(next);
      editors[next]?.focus();
      // Once more for the palette, which gives the focus back when it closes.
      requestAnimationFrame(() => editors[next]?.focus());
    },
    /** Puts a reply that was taken back where it was written. */
    giveBack: (ticketId: string, html: string): void => {
      storeDraft(ticketId, 'reply', html);
      if (ticket().id !== ticketId) return;
      setKind('reply');
      draft.write(html);
      editors.reply?.setHtml(html);
    },
  };
}

type Worked = ReturnType<typeof createWorked>;

/** The time that the writer says it took. */
function createWorked() {
  const [minutes, setMinutes] = createSignal('');
  const [workType, setWorkType] = createSignal<WorkType>('remote');
  return {
    minutes,
    setMinutes,
    workType,
    setWorkType,
    isGiven: (): boolean => Number.parseInt(minutes(), 10) > 0,
    log: async (ticketId: TicketDetail['id']): Promise<void> => {
      if (await logTime(ticketId, minutes(), workType())) setMinutes('');
    },
  };
}

/** Sends what is written and logs the time; a reply waits a while, in which it can be taken back. */
function createSending(ticket: () => TicketDetail, writing: Writing, worked: Worked) {
  const { draft, attachments, isReply, isWritten } = writing;
  const meanwhile = createMeanwhile(ticket, () => isReply() && isWritten());
  const heldKey = (): string => `reply ${ticket().id}`;
  const isEmpty = (): boolean => attachments.isUploading() || (!isWritten() && !worked.isGiven());
  const isOff = (): boolean => isEmpty() || writing.placeholders().length > 0;

  const holdReply = (html: string, fileIds: never[], status: TicketStatus | undefined): void => {
    const { id, number } = ticket();
    const change = status === undefined || ticket().status === status ? {} : { status };
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
      () => writing.giveBack(id, html),
    );
  };
  const send = async (status?: TicketStatus): Promise<void> => {
    const { id } = ticket();
    // What somebody else said since is read first; the words stay where they are.
    if (isReply() && isWritten() && meanwhile.ask()) return;
    if (isWritten()) {
      const html = draft.html();
      const fileIds = filesOf(html, attachments.files()) as never[];
      if (isReply()) holdReply(html, fileIds, status);
      else {
        await api.tickets.addNote.mutate({ ticketId: id, html, fileIds });
        draft.clear({ isSent: true });
      }
      attachments.clear();
    }
    await worked.log(id);
    await Promise.all([invalidateTopic('ticket', id), invalidateTopic('time-entry')]);
  };
  const submits = {
    plain: createSubmit(() => send()),
    wait: createSubmit(() => send('waiting-client')),
    resolve: createSubmit(() => send('resolved')),
  };
  return {
    meanwhile,
    submits,
    problem: () => submits.plain.problem() ?? submits.wait.problem() ?? submits.resolve.problem(),
    isHeld: (): boolean => isHeld(heldKey()),
    sendHeld: (): void => sendNow(heldKey()),
    isOff,
    /** What Ctrl+Enter does: sends, or lets go at once of what still waits. */
    run: (): void => {
      if (isEmpty() && isHeld(heldKey())) sendNow(heldKey());
      else if (!isOff()) (isReply() ? submits.wait : submits.plain).run();
    },
  };
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
