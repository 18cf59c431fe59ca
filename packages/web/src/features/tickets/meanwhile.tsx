import { For, Show, createEffect, createMemo, createSignal, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import type { TicketComment, TicketDetail } from './ticket-words.ts';

const WORDS_SHOWN = 400;

/** What others said while somebody writes a reply. */
export interface Meanwhile {
  /** The newest public words that were there when the writing began, or that were read since. */
  readonly lastSeen: () => TicketComment['id'] | null;
  readonly fresh: () => readonly TicketComment[];
  /** Whether the reply must wait until those are read; makes the notice insist. */
  readonly ask: () => boolean;
  readonly accept: () => void;
  readonly isAsked: () => boolean;
}

/** Follows a ticket while `isWriting`: what is there before counts as read. */
export function createMeanwhile(ticket: () => TicketDetail, isWriting: () => boolean): Meanwhile {
  const { session } = useSession();
  const [seen, setSeen] = createSignal<TicketComment['id'] | null>(null);
  const [isAsked, setAsked] = createSignal(false);
  const spoken = createMemo(() => ticket().comments.filter(({ visibility }) => visibility === 'public'));
  const newest = (): TicketComment['id'] | null => spoken().at(-1)?.id ?? null;
  const accept = (): void => {
    setSeen(() => newest());
    setAsked(false);
  };
  createEffect(on([() => ticket().id, isWriting], accept));
  createEffect(() => {
    if (!isWriting()) setSeen(() => newest());
  });
  const fresh = createMemo(() => {
    if (!isWriting()) return [];
    const from = spoken().findIndex(({ id }) => id === seen());
    return spoken()
      .slice(from + 1)
      .filter(({ authorName }) => authorName !== session().person.name);
  });
  return {
    lastSeen: seen,
    fresh,
    ask: () => {
      if (fresh().length === 0) return false;
      setAsked(true);
      return true;
    },
    accept,
    isAsked,
  };
}

/** Shows what was said meanwhile, beside the words that are being written. */
export function Meanwhile(props: { meanwhile: Meanwhile; onSend: () => void }): JSX.Element {
  return (
    <Show when={props.meanwhile.fresh().length > 0}>
      <section
        class="rounded-card border border-line bg-warning-soft px-3 py-2"
        role={props.meanwhile.isAsked() ? 'alert' : 'status'}
        aria-label="Replied meanwhile"
      >
        <For each={props.meanwhile.fresh()}>
          {(comment) => (
            <div class="mb-1.5">
              <p class="flex items-baseline gap-2 font-medium">
                {comment.authorName} replied while you write
                <RelativeTime iso={comment.createdAt} class="ml-auto font-normal text-muted" />
              </p>
              <p class="mt-0.5 max-h-24 overflow-y-auto break-words whitespace-pre-wrap" tabindex="0">
                {comment.body.slice(0, WORDS_SHOWN)}
              </p>
            </div>
          )}
        </For>
        <div class="flex gap-2">
          <Button size="small" onClick={() => props.meanwhile.accept()}>
            Read it
          </Button>
          <Show when={props.meanwhile.isAsked()}>
            <Button
              size="small"
              onClick={() => {
                props.meanwhile.accept();
                props.onSend();
              }}
            >
              Send mine anyway
            </Button>
          </Show>
        </div>
      </section>
    </Show>
  );
}
