import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';

type StartInput = Parameters<(typeof api)['ticket-bulk']['startRun']['mutate']>[0];
type Listed = Parameters<typeof api.tickets.listTickets.query>[0];
export type BulkRun = Awaited<ReturnType<(typeof api)['ticket-bulk']['getRun']['query']>>;
/** What is to be changed of many tickets. */
export type ManyChange = StartInput['change'];

const WATCH_MS = 700;
const REASONS_SHOWN = 3;

/** Which tickets: those that were chosen, or all that a list holds. */
export type Which = { readonly ids: ReadonlySet<string> } | { readonly matching: Listed };

/** Has the server change them, and says how it went. It goes on where the window is closed; the bell then tells. */
export async function changeMany(
  which: Which,
  change: ManyChange,
  did: string,
  onProgress: (run: BulkRun | undefined) => void,
): Promise<void> {
  try {
    const { runId } = await begin(which, change);
    tell(await untilOver(runId, onProgress), did);
  } catch (error) {
    showProblem('No ticket was changed', toProblem(error).message);
  }
  onProgress(undefined);
  await invalidateTopic('ticket');
}

/** Takes back what a run changed, and says what could not be. */
export async function undoMany(runId: string): Promise<void> {
  try {
    await api['ticket-bulk'].undoRun.mutate({ runId: runId as never });
    const run = await untilOver(runId, () => undefined);
    const detail = reasonsText(run);
    if (run.undone === 0 && run.kept > 0) showProblem('This could not be taken back', detail);
    else showDone(`Taken back: ${count(run.undone)}`, detail === '' ? {} : { detail });
  } catch (error) {
    showProblem('This could not be taken back', toProblem(error).message);
  }
  await invalidateTopic('ticket');
}

/** Why tickets were left out, with how many. */
export function reasonsText(run: Pick<BulkRun, 'reasons' | 'reason'>): string {
  const each = run.reasons.slice(0, REASONS_SHOWN).map(({ message, count: many }) => `${many} not: ${message}`);
  return [...(run.reason === null ? [] : [run.reason]), ...each].join(' ');
}

function begin(which: Which, change: ManyChange) {
  if ('ids' in which) return api['ticket-bulk'].startRun.mutate({ change, ticketIds: [...which.ids] as never });
  const { sort: _, limit: __, cursor: ___, ...filter } = which.matching;
  return api['ticket-bulk'].startRunOnList.mutate({ change, filter: filter as never });
}

async function untilOver(runId: string, onProgress: (run: BulkRun) => void): Promise<BulkRun> {
  for (;;) {
    const run = await api['ticket-bulk'].getRun.query({ runId: runId as never });
    onProgress(run);
    if (run.state !== 'running' && run.state !== 'undoing') return run;
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

function tell(run: BulkRun, did: string): void {
  const detail = reasonsText(run);
  if (run.changed === 0) {
    showProblem('No ticket was changed', detail);
    return;
  }
  showDone(`${count(run.changed)} ${did}`, {
    ...(detail === '' ? {} : { detail }),
    undo: () => void undoMany(run.id),
  });
}

function count(tickets: number): string {
  return `${tickets.toLocaleString()} ${tickets === 1 ? 'ticket' : 'tickets'}`;
}
