import MailIcon from 'lucide-solid/icons/mail';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { choiceField, createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { StatusPill, type State } from '#web/ui/status-pill/status-pill.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { MailPanel } from './mail-panel.tsx';

export type Mail = inferRouterOutputs<AppRouter>['outbox']['listMails']['items'][number];

/** What became of a mail. In a folder it is written, not sent: nobody else has it. */
export function mailState(mail: Mail): { label: string; state: State } {
  if (mail.state === 'failed') return { label: 'Failed', state: 'critical' };
  if (mail.state === 'queued')
    return mail.lastError === null
      ? { label: 'On its way', state: 'info' }
      : { label: 'Trying again', state: 'warning' };
  return mail.deliveredBy === 'folder' ? { label: 'In the folder', state: 'neutral' } : { label: 'Sent', state: 'ok' };
}

const VIEWS = ['all', 'queued', 'failed'] as const;

/** Every mail that the platform wrote; without a mail server this is where they are read. */
export function MailList(): JSX.Element {
  const scope = useScope();
  const [state, setState] = createUrlState({ view: choiceField(VIEWS, 'all'), open: optionalField() });
  const filter = () => ({
    ...(scope.clientId === undefined ? {} : { clientId: scope.clientId }),
    ...(state.view === 'all' ? {} : { states: [state.view] }),
  });
  const list = createListQuery<Mail>({
    key: () => ['mail', 'list', filter()],
    fetchPage: (cursor, signal) =>
      api.outbox.listMails.query({ ...filter(), ...(cursor === undefined ? {} : { cursor }) }, { signal }),
  });
  const delivery = createRecordQuery({
    key: () => ['mail', 'list', 'delivery'],
    fetch: (signal) => api.outbox.getDelivery.query({}, { signal }),
  });
  return (
    <>
      <ScreenHead title="Sent mail">
        <Tabs
          label="Views"
          value={state.view}
          onChange={(view) => setState({ view: view as (typeof VIEWS)[number] })}
          items={[
            { value: 'all', label: 'All' },
            { value: 'queued', label: 'On their way' },
            { value: 'failed', label: 'Failed' },
          ]}
        />
      </ScreenHead>
      <Show when={delivery.value()?.kind === 'folder'}>
        <p class="border-b border-line bg-warning-soft px-4 py-2 text-warning-text">
          No mail server is set, so nobody gets these mails: each is written to the data folder and can be read here.
          Set
          <code class="px-1 font-mono">SMTP_URL</code> and <code class="font-mono">SMTP_FROM</code> to send them.
        </p>
      </Show>
      <div class="flex min-h-0 flex-1">
        <DataTable
          noun="mails"
          list={list}
          columns={COLUMNS}
          rowId={(row) => row.id}
          rowLabel={(row) => row.subject}
          openId={state.open}
          onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
          empty={
            <EmptyState icon={MailIcon} title={state.view === 'failed' ? 'No mail failed' : 'No mail yet'}>
              Invitations, sign-in links, answers on tickets and invoices appear here as they are sent.
            </EmptyState>
          }
        />
        <Show when={state.open}>
          {(id) => <MailPanel mailId={id()} onClose={() => setState({ open: undefined })} />}
        </Show>
      </div>
    </>
  );
}

const COLUMNS: readonly Column<Mail>[] = [
  {
    key: 'to',
    heading: 'To',
    widthPx: 240,
    cell: (row) => <span class="truncate-line">{row.to.map(({ address }) => address).join(', ')}</span>,
  },
  { key: 'subject', heading: 'Subject', cell: (row) => <span class="truncate-line">{row.subject}</span> },
  {
    key: 'state',
    heading: 'State',
    widthPx: 130,
    cell: (row) => <StatusPill state={mailState(row).state}>{mailState(row).label}</StatusPill>,
  },
  {
    key: 'at',
    heading: 'Written',
    widthPx: 130,
    from: 'md',
    cell: (row) => <RelativeTime iso={row.createdAt} class="text-muted" />,
  },
];
