import ScrollText from 'lucide-solid/icons/scroll-text';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { createUrlState, optionalField } from '#web/app/routing/url-state.ts';
import { useScope } from '#web/app/scope/scope.ts';
import { CodeBlock } from '#web/ui/code-block/code-block.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { DataTable } from '#web/ui/data-table/data-table.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { PanelSection, SidePanel } from '#web/ui/side-panel/side-panel.tsx';

type Entry = Awaited<ReturnType<typeof api.audit.listEntries.query>>['items'][number];

const COLUMNS: readonly Column<Entry>[] = [
  { key: 'at', heading: 'When', widthPx: 120, cell: (row) => <RelativeTime iso={row.at} class="text-muted" /> },
  {
    key: 'actor',
    heading: 'Who',
    widthPx: 190,
    cell: (row) => <span class="truncate-line">{row.actor.label === '' ? '(erased)' : row.actor.label}</span>,
  },
  {
    key: 'summary',
    heading: 'What',
    cell: (row) => (
      <span class="truncate-line" title={row.summary}>
        {row.isErased ? '(erased)' : row.summary}
      </span>
    ),
  },
  {
    key: 'action',
    heading: 'Action',
    widthPx: 220,
    from: 'lg',
    cell: (row) => <span class="truncate-line font-mono text-[0.9375em] text-muted">{row.action}</span>,
  },
];

/** Who did what, newest first; of the chosen client where one is chosen. */
export function AuditTrail(): JSX.Element {
  const scope = useScope();
  const [state, setState] = createUrlState({ open: optionalField() });
  const list = createListQuery<Entry>({
    key: () => ['audit.entry', 'list', scope.clientId],
    fetchPage: (cursor, signal) =>
      api.audit.listEntries.query(
        {
          ...(scope.clientId === undefined ? {} : { clientId: scope.clientId }),
          ...(cursor === undefined ? {} : { cursor }),
        },
        { signal },
      ),
  });
  const open = () => list.items().find((entry) => entry.id === state.open);
  return (
    <div class="flex min-h-0 flex-1">
      <DataTable
        noun="entries"
        list={list}
        columns={COLUMNS}
        rowId={(row) => row.id}
        rowLabel={(row) => row.summary}
        openId={state.open}
        onOpen={(row) => setState({ open: row.id }, state.open === undefined ? 'push' : 'replace')}
        empty={
          <EmptyState icon={ScrollText} title="Nothing was done here yet">
            Every change by a person, a key or the platform itself is written here, and sealed so that it cannot be
            altered without trace.
          </EmptyState>
        }
      />
      <Show when={open()}>
        {(entry) => <EntryPanel entry={entry()} onClose={() => setState({ open: undefined })} />}
      </Show>
    </div>
  );
}

function EntryPanel(props: { entry: Entry; onClose: () => void }): JSX.Element {
  return (
    <SidePanel label="Audit entry" head={<span>Audit entry</span>} onClose={props.onClose}>
      <PanelSection>
        <p class="text-large font-semibold break-words">{props.entry.isErased ? 'Erased' : props.entry.summary}</p>
      </PanelSection>
      <PanelSection>
        <DescriptionList
          items={[
            { term: 'When', value: <RelativeTime iso={props.entry.at} /> },
            { term: 'Who', value: `${props.entry.actor.label} (${props.entry.actor.kind})` },
            { term: 'From', value: props.entry.ip ?? undefined },
            { term: 'Action', value: <span class="font-mono">{props.entry.action}</span> },
            { term: 'On', value: props.entry.subject.kind },
            { term: 'Client sees it', value: props.entry.isClientVisible ? 'yes' : 'no' },
          ]}
        />
      </PanelSection>
      <Values title="Before" value={props.entry.before} />
      <Values title="After" value={props.entry.after} />
    </SidePanel>
  );
}

function Values(props: { title: string; value: unknown }): JSX.Element {
  return (
    <Show when={props.value !== null && props.value !== undefined}>
      <PanelSection>
        <h3 class="mb-1 font-medium">{props.title}</h3>
        <CodeBlock label={props.title} text={JSON.stringify(props.value, null, 2)} />
      </PanelSection>
    </Show>
  );
}
