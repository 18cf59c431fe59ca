import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Accessor } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';

export type DraftKind = 'reply' | 'note';

/** So long after the last letter the server is told. */
const SAVE_MS = 1200;

interface Kept {
  readonly html: string;
  readonly at: string;
}

export interface Draft {
  readonly html: Accessor<string>;
  /** What is written now; kept here at once and on the server a moment later. */
  readonly write: (html: string) => void;
  /** Nothing is left of it here; on the server, where it was sent. */
  readonly clear: (options: { isSent: boolean }) => void;
  /** `saved`: the server has all of it. */
  readonly state: Accessor<'empty' | 'unsaved' | 'saved'>;
}

/**
 * What somebody has begun to write on a ticket. It survives a reload by this browser, and comes back on another machine from the server. `onReplaced` hears when another text takes
 * the place of what the editor shows.
 */
export function createDraft(
  about: () => { ticketId: string; kind: DraftKind },
  onReplaced: (html: string) => void,
): Draft {
  const [html, setHtml] = createSignal('');
  const [state, setState] = createSignal<'empty' | 'unsaved' | 'saved'>('empty');
  let timer: number | undefined;
  let unsaved: (() => Promise<void>) | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    const save = unsaved;
    unsaved = undefined;
    await save?.();
  };
  const show = (next: string): void => {
    setHtml(next);
    setState(next === '' ? 'empty' : 'saved');
    onReplaced(next);
  };
  // A ticket that was only read anew is the same place to write: its draft must not come back over what is written, or held to be sent.
  const place = createMemo(about, undefined, {
    equals: (before, after) => before?.ticketId === after?.ticketId && before?.kind === after?.kind,
  });
  createEffect(
    on(place, ({ ticketId, kind }) => {
      void flush();
      const local = read(ticketId, kind);
      show(local?.html ?? '');
      api.replies.listTicketDrafts
        .query({ ticketId: ticketId as never })
        .then(({ items }) => {
          const kept = items.find((item) => item.kind === kind);
          const now = about();
          const isSame = now.ticketId === ticketId && now.kind === kind && unsaved === undefined;
          if (!isSame || kept === undefined || kept.html === html()) return;
          if (local === null || Temporal.Instant.compare(local.at, kept.updatedAt) < 0) {
            store(ticketId, kind, { html: kept.html, at: kept.updatedAt });
            show(kept.html);
          }
        })
        // Without the server there is still what this browser holds.
        .catch(() => undefined);
    }),
  );
  onCleanup(() => void flush());
  return {
    html,
    state,
    write: (next) => {
      const { ticketId, kind } = about();
      setHtml(next);
      setState(next === '' ? 'empty' : 'unsaved');
      store(ticketId, kind, next === '' ? null : { html: next, at: Temporal.Now.instant().toString() });
      clearTimeout(timer);
      unsaved = async () => {
        if (await saveDraft(ticketId, kind, next)) setState(next === '' ? 'empty' : 'saved');
      };
      timer = window.setTimeout(() => void flush(), SAVE_MS);
    },
    clear: ({ isSent }) => {
      const { ticketId, kind } = about();
      clearTimeout(timer);
      const last = html();
      unsaved = undefined;
      store(ticketId, kind, null);
      show('');
      void saveDraft(ticketId, kind, isSent ? '' : last);
    },
  };
}

/** Keeps a text as the draft of a ticket, on the server and here. */
export async function saveDraft(ticketId: string, kind: DraftKind, html: string): Promise<boolean> {
  try {
    await api.replies.saveDraft.mutate({ ticketId: ticketId as never, kind, html });
    await invalidateTopic('reply-draft');
    return true;
  } catch {
    // It stays in this browser, and goes with the next letter.
    return false;
  }
}

/** Puts a text back where it was taken from, for this browser. */
export function storeDraft(ticketId: string, kind: DraftKind, html: string): void {
  store(ticketId, kind, { html, at: Temporal.Now.instant().toString() });
}

const keyOf = (ticketId: string, kind: DraftKind): string => `bailiwick.draft.${kind}.${ticketId}`;

function read(ticketId: string, kind: DraftKind): Kept | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(ticketId, kind)) ?? 'null');
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    'html' in value &&
    'at' in value &&
    typeof value.html === 'string' &&
    typeof value.at === 'string'
  );
}

function store(ticketId: string, kind: DraftKind, kept: Kept | null): void {
  try {
    if (kept === null) sessionStorage.removeItem(keyOf(ticketId, kind));
    else sessionStorage.setItem(keyOf(ticketId, kind), JSON.stringify(kept));
  } catch {
    // A full or forbidden store: the server has it still.
  }
}
