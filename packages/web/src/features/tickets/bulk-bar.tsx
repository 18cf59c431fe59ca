import { Show, createSignal, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { Button, buttonClass } from '#web/ui/button/button.tsx';
import { Menu } from '#web/ui/menu/menu.tsx';
import { priorityName, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { ProgressBar } from '#web/ui/progress-bar/progress-bar.tsx';
import { changeMany, type BulkRun, type ManyChange, type Which } from './bulk-run-source.ts';
import { createAssignees } from './ticket-source.ts';
import { STATUSES, type TicketStatus } from './ticket-words.ts';

const BulkDialog = lazy(async () => ({ default: (await import('./bulk-dialog.tsx')).BulkDialog }));

interface Option {
  readonly value: string;
  readonly label: string;
}

/** What can be done with the chosen tickets, in the place of the filters. It always says how many. */
export function BulkBar(props: {
  ids: ReadonlySet<string>;
  /** What the list holds: "all that match" are these. */
  matching: Extract<Which, { matching: unknown }>['matching'];
  /** There are more than the ones that are loaded. */
  hasMore: boolean;
  onDone: () => void;
}): JSX.Element {
  const [isAll, setAll] = createSignal(false);
  const [dialog, setDialog] = createSignal<'note' | 'snooze'>();
  const [isBusy, setBusy] = createSignal(false);
  const [progress, setProgress] = createSignal<BulkRun>();
  const many = (): string =>
    isAll() ? 'all that match' : `${props.ids.size.toLocaleString()} ${props.ids.size === 1 ? 'ticket' : 'tickets'}`;
  const run = (change: ManyChange, did: string): void => {
    setBusy(true);
    const which: Which = isAll() ? { matching: props.matching } : { ids: props.ids };
    void changeMany(which, change, did, setProgress).finally(() => {
      setBusy(false);
      props.onDone();
    });
  };
  return (
    <div
      class="flex min-h-11 flex-wrap items-center gap-2 border-b border-line bg-accent-soft px-4 py-1.5"
      role="toolbar"
      aria-label="Chosen tickets"
    >
      <span class="font-medium tabular-nums">{isAll() ? 'All that match chosen' : `${many()} chosen`}</span>
      <Show when={!isBusy()} fallback={<Progress run={progress()} />}>
        <Show when={props.hasMore && !isAll()}>
          <Button size="small" kind="quiet" onClick={() => setAll(true)}>
            Choose all that match
          </Button>
        </Show>
        <FieldMenus onChange={run} />
        <Button size="small" onClick={() => setDialog('note')}>
          Note…
        </Button>
        <Button size="small" onClick={() => setDialog('snooze')}>
          Snooze…
        </Button>
        <Button size="small" onClick={() => run({ status: 'resolved' }, 'resolved')}>
          Resolve
        </Button>
        <Button size="small" onClick={() => run({ status: 'closed' }, 'closed')}>
          Close
        </Button>
        <Button size="small" kind="quiet" class="ml-auto" onClick={() => props.onDone()}>
          Choose none
        </Button>
      </Show>
      <Show when={dialog()}>
        {(what) => <BulkDialog what={what()} of={many()} onChange={run} onClose={() => setDialog(undefined)} />}
      </Show>
    </div>
  );
}

function Progress(props: { run: BulkRun | undefined }): JSX.Element {
  const done = (): number => (props.run === undefined ? 0 : props.run.total - props.run.waiting);
  return (
    <>
      <span class="w-48">
        <ProgressBar
          share={props.run === undefined || props.run.total === 0 ? 0 : done() / props.run.total}
          text={`${done()} of ${props.run?.total ?? 0} tickets`}
        />
      </span>
      <Show when={props.run}>
        {(run) => (
          <Button size="small" onClick={() => void api['ticket-bulk'].stopRun.mutate({ runId: run().id })}>
            Stop here
          </Button>
        )}
      </Show>
      <span class="text-muted">It goes on where you leave this page, and the bell tells how it went.</span>
    </>
  );
}

/** Who and where: the menus of what a ticket has one of. */
function FieldMenus(props: { onChange: (change: ManyChange, did: string) => void }): JSX.Element {
  const assignees = createAssignees();
  const places = createRecordQuery({
    key: () => ['ticket-queue', 'list', 'with-teams'],
    fetch: async (signal) => {
      const [queues, teams, categories] = await Promise.all([
        api.tickets.listQueues.query({}, { signal }),
        api.teams.listTeams.query({}, { signal }),
        api['desk-catalogue'].listCategories.query({}, { signal }),
      ]);
      return {
        queues: queues.items.map(({ id, name }) => ({ value: id as string, label: name })),
        teams: teams.items.map(({ id, name }) => ({ value: id as string, label: name })),
        categories: categories.items
          .filter((one) => one.isActive)
          .map(({ id, path }) => ({ value: id as string, label: path })),
      };
    },
  });
  const orNull = (value: string) => (value === '' ? null : value) as never;
  const menu = (trigger: string, heading: string, options: readonly Option[], choose: (value: string) => void) => (
    <Menu
      triggerClass={buttonClass({ kind: 'secondary', size: 'small' })}
      trigger={trigger}
      parts={[{ heading, value: '-', choose, options }]}
    />
  );
  const none = (label: string): Option => ({ value: '', label });
  return (
    <>
      {menu(
        'Assign to…',
        'Assign to',
        [
          none('Nobody'),
          ...(assignees.value()?.items ?? []).map(({ id, name }) => ({ value: id as string, label: name })),
        ],
        (value) => props.onChange({ assigneeId: orNull(value) }, value === '' ? 'unassigned' : 'assigned'),
      )}
      {menu(
        'Status…',
        'Set the status',
        Object.entries(STATUSES).map(([value, { label }]) => ({ value, label })),
        (value) =>
          props.onChange(
            { status: value as TicketStatus },
            `now ${STATUSES[value as TicketStatus].label.toLowerCase()}`,
          ),
      )}
      {menu(
        'Priority…',
        'Set the priority',
        [1, 2, 3, 4].map((level) => ({ value: String(level), label: priorityName(level as PriorityLevel) })),
        (value) => props.onChange({ priority: Number(value) as PriorityLevel }, `now P${value}`),
      )}
      {menu('Queue…', 'Move to the queue', [none('No queue'), ...(places.value()?.queues ?? [])], (value) =>
        props.onChange({ queueId: orNull(value) }, 'moved'),
      )}
      {menu('Team…', 'Give to the team', [none('No team'), ...(places.value()?.teams ?? [])], (value) =>
        props.onChange({ teamId: orNull(value) }, 'moved'),
      )}
      {menu('Category…', 'File under', [none('No category'), ...(places.value()?.categories ?? [])], (value) =>
        props.onChange({ categoryId: orNull(value) }, 'filed'),
      )}
    </>
  );
}
