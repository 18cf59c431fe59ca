import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { byField, type StoredFact } from './asset-facts.ts';
import { ASSET_KINDS, type AssetKind } from './asset.ts';
import type { AssetRow, AssetStore } from './asset-store.ts';
import type { AssetTables } from './asset-table.ts';
import type { FactStore, FieldChange } from './fact-store.ts';

interface Needs {
  readonly assets: AssetStore;
  readonly facts: FactStore;
  readonly live: LiveHub;
}

/**
 * Brings what lists show of an asset in line with its facts, and says which fields now have another value than `before`. Touches the row only where something
 * shown changes: lists of a million assets must not be rewritten by daily reports.
 */
export async function applySummary(
  tx: ScopedTransaction<AssetTables>,
  needs: Needs,
  { asset, before, also }: { asset: AssetRow; before: readonly StoredFact[]; also: Partial<AssetRow> },
): Promise<{ version: number; changes: FieldChange[] }> {
  const old = byField(before);
  const current = byField(await needs.facts.all(tx, { clientId: asset.client_id, assetId: asset.id }));
  const fields = new Set([...old.keys(), ...current.keys()]);
  const changes = [...fields].flatMap((field) => {
    const [was, is] = [old.get(field)?.[0]?.value ?? null, current.get(field)?.[0]?.value ?? null];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ field, before: was, after: is }];
  });
  const shown: Partial<AssetRow> = { ...summaryOf(current), ...also };
  const differing = Object.fromEntries(
    Object.entries(shown).filter(([name, value]) => asset[name as keyof AssetRow] !== value),
  );
  const isShown = Object.keys(differing).length > 0;
  if (isShown) await needs.assets.update(tx, asset.id, asset.version, differing);
  const version = isShown ? asset.version + 1 : asset.version;
  if (isShown || changes.length > 0)
    needs.live.touch(tx, { clientId: asset.client_id, topic: 'asset', id: asset.id, version, isForContacts: true });
  return { version, changes };
}

function summaryOf(facts: ReadonlyMap<string, readonly StoredFact[]>): Partial<AssetRow> {
  const textOf = (field: string): string | undefined => {
    const value = facts.get(field)?.[0]?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = textOf('name');
  const kind = textOf('kind');
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind === undefined || !isKind(kind) ? {} : { kind }),
    hostname: textOf('hostname') ?? '',
    operating_system: systemName(textOf('osName'), textOf('osVersion')),
    model: [textOf('vendor'), textOf('model')].filter((part) => part !== undefined).join(' '),
    serial_number: textOf('serialNumber') ?? '',
    primary_address: textOf('primaryAddress') ?? '',
  };
}

/** `Debian GNU/Linux 13 (trixie)` carries its version already; `Windows 11 Pro` and `10.0.26100` do not. */
function systemName(name: string | undefined, version: string | undefined): string {
  if (name === undefined) return '';
  const major = version?.split(/[.\s]/)[0];
  return version === undefined || major === undefined || name.includes(major) ? name : `${name} ${version}`;
}

function isKind(kind: string): kind is AssetKind {
  return ASSET_KINDS.some((known) => known === kind);
}
