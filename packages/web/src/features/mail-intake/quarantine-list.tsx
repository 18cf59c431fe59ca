import MailCheck from 'lucide-solid/icons/mail-check';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { StatusPill } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { QuarantinePanel } from './quarantine-panel.tsx';
import { reasonOf, senderText, type Quarantined } from './reason-words.ts';

const VIEWS = ['waiting', 'placed', 'discarded'] as const;

const EMPTY = {
  waiting: 'Nothing waits to be placed',
  placed: 'Nobody has placed a mail yet',
  discarded: 'Nobody has discarded a mail',
} as const;

/** Mails of which nobody could tell by rule where they belong. */
export function QuarantineList(): JSX.Element {
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'waiting'), open: optionalField() });
  const list = createListQuery<Quarantined>({
    key: () => ['inbound-mail', 'list', 'quarantine', state.view],
    fetchPage: (cursor, signal) =>
      api['mail-intake'].listQuarantine.query(
        { state: state.view, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <>
      <ScreenHead title="Mail to place">
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number], open: undefined })}
          items={[
            { value: 'waiting', label: 'Waiting' },
            { value: 'placed', label: 'Placed' },
            { value: 'discarded', label: 'Discarded' },
          ]}
        />
      </ScreenHead>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="mails"
          list={list}
          columns={COLUMNS}
          rowId={(row) => row.mailId}
          rowLabel={(row) => row.subject}
          openId={state.open}
          onOpen={(row) => setState({ open: row.mailId }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState icon={MailCheck} title={EMPTY[state.view]}>
              Mails come here when their sender is unknown, belongs to several clients or cannot be proven, or when they
              claim another client’s ticket.
            </EmptyState>
          }
        />
        <Show when={state.open}>
          {(id) => <QuarantinePanel mailId={id()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
    </>
  );
}

const COLUMNS: readonly Column<Quarantined>[] = [
  {
    key: 'from',
    heading: 'From',
    widthPx: 260,
    cell: (row) => <span class="truncate-line">{senderText(row)}</span>,
  },
  {
    key: 'subject',
    heading: 'Subject',
    cell: (row) => <span class="truncate-line">{row.subject === '' ? '(no subject)' : row.subject}</span>,
  },
  {
    key: 'reason',
    heading: 'Why it waits',
    widthPx: 190,
    cell: (row) => <StatusPill state={reasonOf(row).state}>{reasonOf(row).label}</StatusPill>,
  },
  {
    key: 'at',
    heading: 'Came',
    widthPx: 130,
    from: 'md',
    cell: (row) => <RelativeTime iso={row.receivedAt} class="text-muted" />,
  },
];
