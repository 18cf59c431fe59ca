import { Show } from 'solid-js';
import { DraftMark } from '#web/features/replies/draft-mark.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { ClientDot } from '#web/ui/client-dot/client-dot.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { Priority, type PriorityLevel } from '#web/ui/priority/priority.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { NextBreach } from './next-breach.tsx';
import { STATUSES, ticketLabel, type Ticket } from './ticket-words.ts';

/** The queue's columns; inside one client its name would only repeat, and beside the open panel the subject needs the room. */
export function ticketColumns(isOverAllClients: boolean, isBesidePanel: boolean): readonly Column<Ticket>[] {
  return [
    {
      key: 'priority',
      heading: 'Priority',
      isHeadingHidden: true,
      widthPx: 46,
      cell: (row) => <Priority level={row.priority as PriorityLevel} />,
    },
    {
      key: 'number',
      heading: 'Number',
      widthPx: 76,
      cell: (row) => <span class="font-mono text-[0.9375em] text-muted">{ticketLabel(row.number)}</span>,
    },
    {
      key: 'subject',
      heading: 'Subject',
      cell: (row) => (
        <span class="flex min-w-0 items-center gap-2">
          <Show when={row.isReplyAwaited}>
            <span
              class="size-1.75 shrink-0 rounded-full bg-accent"
              role="img"
              aria-label="The client waits for an answer"
              title="The client waits for an answer"
            />
          </Show>
          <span class="truncate-line" classList={{ 'font-medium': row.isReplyAwaited }} title={row.subject}>
            {row.subject}
          </span>
          <DraftMark ticketId={row.id} />
        </span>
      ),
    },
    ...(isOverAllClients
      ? [
          {
            key: 'client',
            heading: 'Client',
            widthPx: isBesidePanel ? 136 : 180,
            from: 'md' as const,
            cell: (row: Ticket) => <ClientDot id={row.clientId} name={row.clientName ?? '…'} class="text-muted" />,
          },
        ]
      : []),
    {
      key: 'status',
      heading: 'Status',
      widthPx: 148,
      from: 'md',
      cell: (row) => <StatusPill state={STATUSES[row.status].state}>{STATUSES[row.status].label}</StatusPill>,
    },
    {
      key: 'breach',
      heading: 'Next breach',
      widthPx: 124,
      from: 'lg',
      cell: (row) => <NextBreach at={row.nextBreachAt} />,
    },
    ...(isBesidePanel
      ? []
      : [
          {
            key: 'updated',
            heading: 'Updated',
            widthPx: 128,
            from: 'lg' as const,
            cell: (row: Ticket) => <RelativeTime iso={row.updatedAt} class="text-muted" />,
          },
        ]),
    {
      key: 'assignee',
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
  ];
}
