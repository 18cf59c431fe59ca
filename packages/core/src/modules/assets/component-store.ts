import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AssetTables } from './asset-table.ts';
import type { AssetKey, FieldChange } from './fact-store.ts';

type Tx = ScopedTransaction<AssetTables>;

/** A table of parts that one report lists whole, by name. */
interface PartTable {
  readonly table: string;
  /** Column → SQL type, without the name. */
  readonly columns: Readonly<Record<string, string>>;
  /** The word before the part's name in the history; null where changes are too many to keep. */
  readonly historyName: string | null;
  readonly isDated?: boolean;
}

const PARTS = {
  disks: {
    table: 'asset_disk',
    columns: { size_bytes: 'bigint', model: 'text', serial_number: 'text', kind: 'text' },
    historyName: 'disk',
  },
  filesystems: {
    table: 'asset_filesystem',
    columns: {
      device: 'text',
      type: 'text',
      size_bytes: 'bigint',
      used_bytes: 'bigint',
      available_bytes: 'bigint',
      is_read_only: 'boolean',
    },
    historyName: null,
  },
  interfaces: {
    table: 'asset_interface',
    columns: { mac_address: 'text', mtu: 'bigint', speed_mbit: 'integer', is_up: 'boolean', addresses: 'text[]' },
    historyName: 'interface',
  },
  services: {
    table: 'asset_service',
    columns: { description: 'text', state: 'text', start_mode: 'text' },
    historyName: null,
    isDated: true,
  },
} as const satisfies Record<string, PartTable>;

/** One part: its name, and a value for each column of its table. */
export type Part = { readonly name: string } & Readonly<Record<string, unknown>>;

/** The only writer of `asset_disk`, `asset_filesystem`, `asset_interface` and `asset_service`. */
export class ComponentStore {
  /**
   * Makes the stored parts equal to the reported ones and writes only what differs. The last of several parts with one name counts. Returns what changed, for
   * the history; nothing on the first report, which would only repeat the inventory.
   */
  async sync(
    tx: Tx,
    key: AssetKey,
    kind: keyof typeof PARTS,
    reported: readonly Part[],
    at: Temporal.Instant,
  ): Promise<FieldChange[]> {
    const spec: PartTable = PARTS[kind];
    const names = Object.keys(spec.columns);
    const before = new Map(
      (
        await tx.sql<Part>(`select name, ${names.join(', ')} from ${spec.table} where msp_id = $1 and asset_id = $2`, [
          tx.scope.mspId,
          key.assetId,
        ])
      ).map((part) => [part.name, part]),
    );
    const after = new Map(reported.map((part) => [part.name, part]));
    const gone = [...before.keys()].filter((name) => !after.has(name));
    const written = [...after.values()].filter(
      (part) => contents(before.get(part.name), names) !== contents(part, names),
    );
    if (gone.length > 0)
      await tx.sql(`delete from ${spec.table} where msp_id = $1 and asset_id = $2 and name = any($3::text[])`, [
        tx.scope.mspId,
        key.assetId,
        gone,
      ]);
    if (written.length > 0) await this.#write(tx, key, spec, written, at);
    if (spec.historyName === null || before.size === 0) return [];
    return [...gone, ...written.map((part) => part.name)].map((name) => ({
      field: `${spec.historyName}.${name}`,
      before: before.get(name) ?? null,
      after: after.get(name) ?? null,
    }));
  }

  async #write(tx: Tx, key: AssetKey, spec: PartTable, parts: readonly Part[], at: Temporal.Instant): Promise<void> {
    const names = Object.keys(spec.columns);
    const types = Object.entries(spec.columns).map(([name, type]) => `${name} ${type}`);
    const dated = spec.isDated === true ? ['changed_at'] : [];
    const columns = ['name', ...names, ...dated];
    await tx.sql(
      `insert into ${spec.table} (msp_id, client_id, asset_id, ${columns.join(', ')})
       select $1, $2, $3, p.name, ${names.map((name) => `p.${name}`).join(', ')}${dated.length > 0 ? ', $5::timestamptz' : ''}
       from jsonb_to_recordset($4::jsonb) as p (name text, ${types.join(', ')})
       on conflict (msp_id, asset_id, name) do update set ${[...names, ...dated].map((name) => `${name} = excluded.${name}`).join(', ')}`,
      [tx.scope.mspId, key.clientId, key.assetId, JSON.stringify(parts), ...(dated.length > 0 ? [at] : [])],
    );
  }
}

function contents(part: Part | undefined, columns: readonly string[]): string | null {
  return part === undefined ? null : JSON.stringify(columns.map((column) => part[column] ?? null));
}
