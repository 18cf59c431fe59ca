import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';

type BulkInput = Parameters<typeof api.tickets.bulkUpdate.mutate>[0];
export type BulkChange = Omit<BulkInput, 'ticketIds'>;
type Refused = Awaited<ReturnType<typeof api.tickets.bulkUpdate.mutate>>['refused'];
type Undo = Awaited<ReturnType<typeof api.tickets.bulkUpdate.mutate>>['undo'];
type Listed = Parameters<typeof api.tickets.listTickets.query>[0];

/** As many as the server takes at once; between two pieces a long change can be stopped. */
const PIECE = 100;
/** More than this is no edit by hand. */
export const MOST = 2000;
const REASONS_SHOWN = 3;

/** How far a change of many has come. */
export interface BulkProgress {
  readonly done: number;
  readonly total: number;
}

/** The ids of all tickets that a list holds, page by page, `MOST` at most. */
export async function idsMatching(asked: Listed, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.tickets.listTickets.query(
      { ...asked, limit: 200, ...(cursor === undefined ? {} : { cursor }) },
      { signal },
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && ids.length < MOST);
  return ids.slice(0, MOST);
}

/**
 * Changes many tickets, piece by piece, with one undo for all that were changed; says which were refused and why. Stopped half way, what was changed stays, and can be taken back.
 */
export async function changeTickets(
  ids: ReadonlySet<string>,
  change: BulkChange,
  did: string,
  watch: { readonly signal?: AbortSignal; readonly onProgress?: (progress: BulkProgress) => void } = {},
): Promise<void> {
  const all = [...ids];
  const undo: Undo = [];
  const refused: Refused = [];
  for (let from = 0; from < all.length && watch.signal?.aborted !== true; from += PIECE) {
    const ticketIds = all.slice(from, from + PIECE);
    try {
      const answer = await api.tickets.bulkUpdate.mutate({ ...change, ticketIds: ticketIds as never });
      undo.push(...answer.undo);
      refused.push(...answer.refused);
    } catch (error) {
      // None of this piece: the others may do.
      const { message } = toProblem(error);
      refused.push(...ticketIds.map((ticketId) => ({ ticketId: ticketId as never, code: 'refused', message })));
    }
    watch.onProgress?.({ done: Math.min(from + PIECE, all.length), total: all.length });
  }
  await invalidateTopic('ticket');
  tell(undo, refused, did);
}

function tell(undo: Undo, refused: Refused, did: string): void {
  const reasons = [...Map.groupBy(refused, ({ message }) => message)]
    .slice(0, REASONS_SHOWN)
    .map(([message, those]) => `${those.length} not: ${message}`)
    .join(' ');
  if (undo.length === 0) {
    showProblem('No ticket was changed', reasons);
    return;
  }
  showDone(`${undo.length} ${undo.length === 1 ? 'ticket' : 'tickets'} ${did}`, {
    ...(reasons === '' ? {} : { detail: reasons }),
    undo: () => void takeBack(undo),
  });
}

async function takeBack(undo: Undo): Promise<void> {
  try {
    for (let from = 0; from < undo.length; from += PIECE)
      await api.tickets.undoBulk.mutate({ undo: undo.slice(from, from + PIECE) });
    showDone('Taken back');
  } catch (error) {
    showProblem('This could not be taken back', toProblem(error).message);
  }
  await invalidateTopic('ticket');
}
