import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { changeTickets, idsMatching, MOST, type BulkChange, type BulkProgress } from './bulk-source.ts';
import { createAssignees } from './ticket-source.ts';
import { STATUSES, type TicketStatus } from './ticket-words.ts';

/** What can be done with the chosen tickets, in the place of the filters. It always says how many. */
export function BulkBar(props: {
  ids: ReadonlySet<string>;
  /** What the list holds: "all that match" are these. */
  matching: Parameters<typeof idsMatching>[0];
  /** There are more than the ones that are loaded. */
  hasMore: boolean;
  onChoose: (ids: ReadonlySet<string>) => void;
  onDone: () => void;
}): JSX.Element {
  const assignees = createAssignees();
  const queues = createRecordQuery({
    key: () => ['ticket-queue', 'list'],
    fetch: (signal) => api.tickets.listQueues.query({}, { signal }),
  });
  const [progress, setProgress] = createSignal<BulkProgress>();
  const [isGathering, setGathering] = createSignal(false);
  let stop = new AbortController();
  const isBusy = (): boolean => progress() !== undefined;
  const run = (change: BulkChange, did: string): void => {
    stop = new AbortController();
    setProgress({ done: 0, total: props.ids.size });
    void changeTickets(props.ids, change, did, { signal: stop.signal, onProgress: setProgress }).finally(() => {
      setProgress(undefined);
      props.onDone();
    });
  };
  const chooseAll = (): void => {
    stop = new AbortController();
    setGathering(true);
    void idsMatching(props.matching, stop.signal)
      .then((ids) => props.onChoose(new Set(ids)))
      .catch(() => undefined)
      .finally(() => setGathering(false));
  };
  const menu = (trigger: string, heading: string, options: readonly Option[], choose: (value: string) => void) => (
    <Menu
      triggerClass={buttonClass({ kind: 'secondary', size: 'small' })}
      trigger={trigger}
      parts={[{ heading, value: '-', choose, options }]}
    />
  );
  return (
    <div
      class="flex min-h-11 flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-1.5"
      role="toolbar"
      aria-label="Chosen tickets"
    >
      <span class="font-medium tabular-nums">
        {props.ids.size.toLocaleString()} {props.ids.size === 1 ? 'ticket' : 'tickets'} chosen
      </span>
      <Show
        when={progress()}
        fallback={
          <>
            <Show when={props.hasMore && props.ids.size < MOST}>
              <Button size="small" kind="quiet" isBusy={isGathering()} onClick={chooseAll}>
                Choose all that match
              </Button>
            </Show>
            {menu(
              'Assign to…',
              'Assign to',
              [
                { value: '', label: 'Nobody' },
                ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
              ],
              (value) =>
                run({ assigneeId: (value === '' ? null : value) as never }, value === '' ? 'unassigned' : 'assigned'),
            )}
            {menu(
              'Status…',
              'Set the status',
              Object.entries(STATUSES).map(([value, { label }]) => ({ value, label })),
              (value) =>
                run({ status: value as TicketStatus }, `now ${STATUSES[value as TicketStatus].label.toLowerCase()}`),
            )}
            {menu(
              'Priority…',
              'Set the priority',
              [1, 2, 3, 4].map((level) => ({ value: String(level), label: priorityName(level as PriorityLevel) })),
              (value) => run({ priority: Number(value) as PriorityLevel }, `now P${value}`),
            )}
            {menu(
              'Queue…',
              'Move to the queue',
              [
                { value: '', label: 'No queue' },
                ...(queues.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
              ],
              (value) => run({ queueId: (value === '' ? null : value) as never }, 'moved'),
            )}
            <Button size="small" isBusy={isBusy()} onClick={() => run({ status: 'resolved' }, 'resolved')}>
              Resolve
            </Button>
            <Button size="small" isBusy={isBusy()} onClick={() => run({ status: 'closed' }, 'closed')}>
              Close
            </Button>
            <Button size="small" kind="quiet" class="ml-auto" onClick={() => props.onDone()}>
              Choose none
            </Button>
          </>
        }
      >
        {(now) => (
          <>
            <span class="w-48">
              <ProgressBar
                share={now().total === 0 ? 0 : now().done / now().total}
                text={`${now().done} of ${now().total} tickets`}
              />
            </span>
            <Button size="small" onClick={() => stop.abort()}>
              Stop here
            </Button>
          </>
        )}
      </Show>
    </div>
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}
