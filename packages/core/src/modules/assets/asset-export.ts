import { neutralCell } from '#kernel/csv';
import type { Download } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetFilter, AssetQueries } from './asset-queries.ts';
import type { AssetView } from './asset-view.ts';

const COLUMNS: readonly (readonly [string, (asset: AssetView) => string])[] = [
  ['Name', (asset) => asset.name],
  ['Kind', (asset) => asset.kind],
  ['State', (asset) => asset.state],
  ['Operating system', (asset) => asset.operatingSystem],
  ['Model', (asset) => asset.model],
  ['Serial number', (asset) => asset.serialNumber],
  ['Address', (asset) => asset.primaryAddress],
  ['Managed', (asset) => (asset.isManaged ? 'yes' : 'no')],
  ['Online', (asset) => (asset.isOnline ? 'yes' : 'no')],
  ['Last seen (UTC)', (asset) => asset.lastSeenAt ?? ''],
  ['Client id', (asset) => asset.clientId],
  ['Asset id', (asset) => asset.id],
];

/** Rows read at once: bounds memory, whatever the size of the export. */
const CHUNK = 500;

/** Assets as CSV (RFC 4180, UTF-8 with a byte order mark, which spreadsheets need to see it as UTF-8), page by page as the reader takes it. */
export function exportAssets(queries: AssetQueries, scope: TenantScope, filter: AssetFilter): Download {
  const encoder = new TextEncoder();
  let cursor: string | null | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(`\u{FEFF}${line(COLUMNS.map(([title]) => title))}`)),
    async pull(controller) {
      const page = await queries.list(scope, {
        ...filter,
        sort: 'name',
        limit: CHUNK,
        ...(typeof cursor === 'string' ? { cursor } : {}),
      });
      if (page.items.length > 0)
        controller.enqueue(
          encoder.encode(page.items.map((asset) => line(COLUMNS.map(([, cell]) => cell(asset)))).join('')),
        );
      cursor = page.nextCursor;
      if (cursor === null) controller.close();
    },
  });
  return { fileName: 'assets.csv', contentType: 'text/csv; charset=utf-8', body, disposition: 'attachment' };
}

function line(cells: readonly string[]): string {
  return `${cells.map(neutralCell).join(',')}\r\n`;
}
