import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';

type BulkInput = Parameters<typeof api.tickets.bulkUpdate.mutate>[0];
type BulkChange = Omit<BulkInput, 'ticketIds'>;
type Refused = Awaited<ReturnType<typeof api.tickets.bulkUpdate.mutate>>['refused'];
type Undo = Awaited<ReturnType<typeof api.tickets.bulkUpdate.mutate>>['undo'];

/** As many as the server takes at once. */
const PIECE = 100;
const REASONS_SHOWN = 3;

/** Changes what the keyboard stands on, or the chosen rows, piece by piece, with one undo for all that were changed; says which were refused and why. */
export async function changeTickets(ids: ReadonlySet<string>, change: BulkChange, did: string): Promise<void> {
  const all = [...ids];
  const undo: Undo = [];
  const refused: Refused = [];
  for (let from = 0; from < all.length; from += PIECE) {
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
