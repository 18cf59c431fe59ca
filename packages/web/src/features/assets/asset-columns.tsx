import { Show } from 'solid-js';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { StateMark } from '#web/ui/status-pill/status-pill.tsx';
import type { Column } from '#web/ui/data-table/columns.ts';
import { KINDS, presenceOf, type Asset } from './asset-words.ts';
import { ClientName } from './client-name.tsx';

/** The columns of lists of assets; the client only where there are several. */
export function assetColumns(hasClients: () => boolean): readonly Column<Asset>[] {
  return [
    {
      key: 'state',
      heading: 'State',
      isHeadingHidden: true,
      widthPx: 36,
      cell: (row) => <StateMark state={presenceOf(row).state} label={presenceOf(row).word} />,
    },
    {
      key: 'name',
      heading: 'Name',
      cell: (row) => (
        <span class="truncate-line font-medium" title={row.name}>
          {row.name}
        </span>
      ),
    },
    ...(hasClients()
      ? [
          {
            key: 'client',
            heading: 'Client',
            widthPx: 180,
            from: 'md' as const,
            cell: (row: Asset) => <ClientName id={row.clientId} class="text-muted" />,
          },
        ]
      : []),
    {
      key: 'seen',
      heading: 'Last seen',
      widthPx: 112,
      cell: (row) => (
        <Show when={row.lastSeenAt} fallback={<span class="text-faint">never</span>}>
          {(at) => <RelativeTime iso={at()} class="text-muted" />}
        </Show>
      ),
    },
    {
      key: 'kind',
      heading: 'Kind',
      widthPx: 108,
      from: 'lg',
      cell: (row) => <span class="text-muted">{KINDS[row.kind]}</span>,
    },
    {
      key: 'system',
      heading: 'Operating system',
      widthPx: 220,
      from: 'lg',
      cell: (row) => <Text value={row.operatingSystem} />,
    },
    {
      key: 'address',
      heading: 'Address',
      widthPx: 128,
      from: 'md',
      cell: (row) => <Text value={row.primaryAddress} isMono />,
    },
    { key: 'model', heading: 'Model', widthPx: 180, from: 'wide', cell: (row) => <Text value={row.model} /> },
  ];
}

function Text(props: { value: string; isMono?: boolean }) {
  return (
    <span
      class={`truncate-line text-muted ${props.isMono === true ? 'font-mono text-[0.9375em]' : ''}`}
      title={props.value}
    >
      {props.value}
    </span>
  );
}
