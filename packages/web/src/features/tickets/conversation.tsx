import Paperclip from 'lucide-solid/icons/paperclip';
import { For, Show, createMemo } from 'solid-js';
import type { JSX } from 'solid-js';
import { CommentMail } from '#web/features/mail-intake/comment-mail.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { CommentWords } from '#web/ui/rich-text/comment-words.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { createAssignees } from './ticket-source.ts';
import { historyText, type TicketComment, type TicketDetail } from './ticket-words.ts';

type Line = { readonly at: string; readonly id: string } & (
  | { readonly comment: TicketComment }
  | { readonly who: string; readonly did: string }
);

/** What was said and done, in one order: replies, notes on their own ground, and quiet lines for changes. */
export function Conversation(props: { ticket: TicketDetail; myName: string }): JSX.Element {
  const assignees = createAssignees();
  const nameOf = (id: string): string | undefined =>
    assignees
      .value()
      ?.items.find((person) => person.id === id)
      ?.name.replace(props.myName, 'you');
  const lines = createMemo(() => {
    const said: Line[] = props.ticket.comments.map((comment) => ({ at: comment.createdAt, id: comment.id, comment }));
    const done: Line[] = props.ticket.history.flatMap((entry) => {
      const did = historyText(entry, nameOf);
      return did === null
        ? []
        : [{ at: entry.at, id: entry.id, who: entry.actorName === props.myName ? 'You' : entry.actorName, did }];
    });
    return [...said, ...done].toSorted((a, b) => Temporal.Instant.compare(a.at, b.at) || (a.id < b.id ? -1 : 1));
  });
  return (
    <ol class="flex flex-col gap-4" aria-label="Conversation">
      <For each={lines()}>
        {(line) => (
          <li>
            <Show when={'comment' in line ? line.comment : undefined} fallback={<ChangeLine line={line} />}>
              {(comment) => <Comment comment={comment()} ticketId={props.ticket.id} myName={props.myName} />}
            </Show>
          </li>
        )}
      </For>
    </ol>
  );
}

function ChangeLine(props: { line: Line }): JSX.Element {
  const words = (): string => ('did' in props.line ? `${props.line.who} ${props.line.did}` : '');
  return (
    <p class="flex items-baseline gap-2 pl-7.5 text-[0.9375em] text-muted">
      <span class="min-w-0 break-words">{words()}</span>
      <RelativeTime iso={props.line.at} class="ml-auto text-faint" />
    </p>
  );
}

const KINDS = { public: '', client_it: 'for client IT', internal: 'internal note' } as const;

function Comment(props: { comment: TicketComment; ticketId: string; myName: string }): JSX.Element {
  const isNote = (): boolean => props.comment.visibility !== 'public';
  // An image that is shown among the words is not listed beneath them again.
  const loose = () =>
    props.comment.attachments.filter((file) => props.comment.html?.includes(`attachment:${file.fileId}`) !== true);
  const name = (): string => (props.comment.authorName === props.myName ? 'You' : props.comment.authorName);
  return (
    <article class="flex gap-2.5" classList={{ '-mx-2 rounded-card bg-warning-soft px-2 py-2': isNote() }}>
      <Avatar name={props.comment.authorName} isDecorative />
      <div class="min-w-0 flex-1">
        <header class="flex items-baseline gap-1.5">
          <span class="truncate-line font-semibold">{name()}</span>
          <span class="text-muted">{KINDS[props.comment.visibility]}</span>
          <CommentMail ticketId={props.ticketId} commentId={props.comment.id} />
          <RelativeTime iso={props.comment.createdAt} class="ml-auto text-muted" />
        </header>
        <CommentWords comment={props.comment} />
        <Show when={loose().length > 0}>
          <ul class="mt-1.5 flex flex-wrap gap-1.5">
            <For each={loose()}>
              {(file) => (
                <li>
                  <a
                    class="inline-flex max-w-60 items-center gap-1.5 rounded-control border border-line-strong bg-raised px-2 py-0.5 hover:bg-hover"
                    href={`/api/v1/files/${file.fileId}/content`}
                    download={file.fileName}
                  >
                    <Paperclip size={12} class="shrink-0 text-muted" />
                    <span class="truncate-line">{file.fileName}</span>
                  </a>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </article>
  );
}
