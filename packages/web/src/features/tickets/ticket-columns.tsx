import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { DraftMark } from '#web/features/replies/draft-mark.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { Priority, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { NextBreach } from './next-breach.tsx';
import { SOURCES, STATUSES, ticketLabel, TYPES, type Ticket } from './ticket-words.ts';
import type { ColumnKey } from './views-source.ts';

const words = (text: string | null): JSX.Element => (
  <Show when={text} fallback={<span class="text-faint">–</span>}>
    <span class="truncate-line text-muted" title={text ?? ''}>
      {text}
    </span>
  </Show>
);

/** Everything that the queue can show of a ticket. */
export const COLUMNS: Readonly<Record<ColumnKey, Omit<Column<Ticket>, 'key'>>> = {
  priority: {
    heading: 'Priority',
    isHeadingHidden: true,
    widthPx: 46,
    cell: (row) => <Priority level={row.priority as PriorityLevel} />,
  },
  number: {
    heading: 'Number',
    widthPx: 76,
    cell: (row) => <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(row.number)}</span>,
  },
  subject: { heading: 'Subject', cell: (row) => <Subject row={row} /> },
  client: {
    heading: 'Client',
    widthPx: 180,
    from: 'md',
    cell: (row) => <ClientDot id={row.clientId} name={row.clientName ?? '…'} class="text-muted" />,
  },
  status: {
    heading: 'Status',
    widthPx: 148,
    from: 'md',
    cell: (row) => <StatusPill state={STATUSES[row.status].state}>{STATUSES[row.status].label}</StatusPill>,
  },
  breach: {
    heading: 'Next breach',
    widthPx: 124,
    from: 'lg',
    cell: (row) => <NextBreach at={row.nextBreachAt} />,
  },
  updated: {
    heading: 'Updated',
    widthPx: 128,
    from: 'lg',
    cell: (row) => <RelativeTime iso={row.updatedAt} class="text-muted" />,
  },
  opened: {
    heading: 'Opened',
    widthPx: 128,
    from: 'lg',
    cell: (row) => <RelativeTime iso={row.openedAt} class="text-muted" />,
  },
  assignee: {
    heading: 'Assignee',
    isHeadingHidden: true,
    widthPx: 52,
    cell: (row) => (
      <Show
        when={row.assigneeName}
        fallback={
          <span class="text-faint" title="Nobody">
            –
          </span>
        }
      >
        {(name) => <Avatar name={name()} />}
      </Show>
    ),
  },
  queue: { heading: 'Queue', widthPx: 120, from: 'md', cell: (row) => words(row.queueName) },
  type: { heading: 'Type', widthPx: 90, from: 'md', cell: (row) => words(TYPES[row.type]) },
  source: { heading: 'Came', widthPx: 110, from: 'lg', cell: (row) => words(SOURCES[row.source]) },
  contact: { heading: 'Contact', widthPx: 140, from: 'md', cell: (row) => words(row.contactName) },
  site: { heading: 'Site', widthPx: 120, from: 'lg', cell: (row) => words(row.siteName) },
  asset: { heading: 'Asset', widthPx: 120, from: 'lg', cell: (row) => words(row.assetName) },
};

/** The queue's columns; inside one client its name would only repeat, and beside the open panel the subject needs the room. */
export function ticketColumns(
  keys: readonly ColumnKey[],
  { isOverAllClients, isBesidePanel }: { isOverAllClients: boolean; isBesidePanel: boolean },
): readonly Column<Ticket>[] {
  return keys
    .filter((key) => (key !== 'client' || isOverAllClients) && (key !== 'updated' || !isBesidePanel))
    .flatMap((key) => {
      // The URL may name a column that there is not.
      const column = COLUMNS[key] as Omit<Column<Ticket>, 'key'> | undefined;
      if (column === undefined) return [];
      return [{ key, ...column, ...(key === 'client' && isBesidePanel ? { widthPx: 136 } : {}) }];
    });
}

function Subject(props: { row: Ticket }): JSX.Element {
  return (
    <span class="flex min-w-0 items-center gap-2">
      <Show when={props.row.isReplyAwaited}>
        <span
          class="size-1.75 shrink-0 rounded-full bg-accent"
          role="img"
          aria-label="The client waits for an answer"
          title="The client waits for an answer"
        />
      </Show>
      <span class="truncate-line" classList={{ 'font-medium': props.row.isReplyAwaited }} title={props.row.subject}>
        {props.row.subject}
      </span>
      <DraftMark ticketId={props.row.id} />
    </span>
  );
}
