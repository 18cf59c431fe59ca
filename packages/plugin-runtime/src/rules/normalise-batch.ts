import { entities, type Json, type Shape } from '@bailiwick/sdk';
import type { StreamDescription } from '../description.ts';
import { CallFailed } from '../invocation.ts';
import type { NormalBatch, NormalRecord } from '../stream-store.ts';
import { jsonHash } from './canonical-json.ts';
import { checkValue, type Checked } from './check-value.ts';
import { asJson } from './json-value.ts';
import { isStorable, storable } from './storable.ts';

/** Which scopes the records of a stream may name: the bound one (they may leave it out), or any that discovery has listed. */
export type RecordScopes =
  | { readonly kind: 'bound'; readonly scope: string }
  | { readonly kind: 'known'; readonly scopes: ReadonlySet<string> };

/** A record that was not taken, and why: the field's path and what is wrong with it. */
export interface RefusedRecord {
  readonly id: string;
  readonly scope: string;
  readonly reason: string;
}

export interface NormalisedBatch {
  readonly batch: NormalBatch;
  readonly refused: readonly RefusedRecord[];
}

/** What one batch may hold. A stream with more yields more batches. */
export const batchLimits = { records: 5000, bytes: 8 * 1024 * 1024, cursorBytes: 8192, recordBytes: 262_144 } as const;

const MAX_ID = 500;
const BATCH_KEYS: ReadonlySet<string> = new Set(['upserts', 'deletes', 'cursor', 'progress']);

/**
 * Checks and normalises what one pull of a stream yielded. Records that are wrong are refused one by one; a batch that is no batch, or too large, as a
 * whole.
 *
 * @throws CallFailed PluginBug
 */
export function normaliseBatch(
  stream: Pick<StreamDescription, 'name' | 'entity'>,
  batch: unknown,
  scopes: RecordScopes,
): NormalisedBatch {
  const where = `stream ${stream.name}`;
  const { upserts, deletes, cursor } = batchParts(batch, where);
  const refused: RefusedRecord[] = [];
  const seen: { scope: string; id: string }[] = [];
  const taken = new Set<string>();
  const records: NormalRecord[] = [];
  for (const upsert of upserts) {
    const key = recordKey(upsert, scopes);
    if (!key.ok) {
      refused.push({ ...key.shown, reason: key.reason });
      continue;
    }
    const { id, scope } = key;
    const isTwice = taken.has(`${scope}\0${id}`);
    taken.add(`${scope}\0${id}`);
    const record = isTwice ? 'the id is twice in one batch' : normalRecord(stream.entity, upsert, { id, scope });
    if (typeof record !== 'string') records.push(record);
    else {
      refused.push({ id, scope, reason: record });
      if (!isTwice) seen.push({ scope, id });
    }
  }
  const gone: { scope: string; id: string }[] = [];
  for (const deleted of deletes) {
    const key = recordKey(deleted, scopes);
    if (!key.ok) refused.push({ ...key.shown, reason: `deletes: ${key.reason}` });
    else if (taken.has(`${key.scope}\0${key.id}`))
      refused.push({ id: key.id, scope: key.scope, reason: 'is in upserts and in deletes of one batch' });
    else gone.push({ scope: key.scope, id: key.id });
  }
  const normal = { entity: stream.entity, upserts: records, deletes: gone, seen };
  return { batch: { ...normal, cursor, hasCursor: cursor !== undefined }, refused };
}

interface BatchParts {
  readonly upserts: readonly unknown[];
  readonly deletes: readonly unknown[];
  readonly cursor: Json | undefined;
}

function batchParts(batch: unknown, where: string): BatchParts {
  if (!isObject(batch)) throw bug(`${where}: a batch must be an object with "upserts"`);
  const unknown = Object.keys(batch).find((key) => !BATCH_KEYS.has(key));
  if (unknown !== undefined) throw bug(`${where}: a batch has no field "${storable(unknown.slice(0, 60))}"`);
  const { upserts, deletes = [], cursor } = batch;
  if (!Array.isArray(upserts)) throw bug(`${where}: "upserts" must be a list`);
  if (!Array.isArray(deletes)) throw bug(`${where}: "deletes" must be a list`);
  const count = upserts.length + deletes.length;
  if (count > batchLimits.records)
    throw bug(`${where}: a batch has ${count} records, more than ${batchLimits.records}: yield smaller ones`);
  const json = cursor === undefined ? undefined : asJson(cursor);
  if (cursor !== undefined && json === undefined) throw bug(`${where}: the cursor must be JSON`);
  if (json !== undefined && Buffer.byteLength(JSON.stringify(json)) > batchLimits.cursorBytes)
    throw bug(`${where}: the cursor is larger than 8 KiB`);
  if (bytesOf(upserts) + bytesOf(deletes) > batchLimits.bytes)
    throw bug(`${where}: a batch is larger than 8 MiB: yield smaller ones`);
  return { upserts, deletes, cursor: json };
}

function bytesOf(list: readonly unknown[]): number {
  return Buffer.byteLength(JSON.stringify(list));
}

type RecordKey =
  | { readonly ok: true; readonly id: string; readonly scope: string }
  | { readonly ok: false; readonly shown: { readonly id: string; readonly scope: string }; readonly reason: string };

function recordKey(record: unknown, scopes: RecordScopes): RecordKey {
  if (!isObject(record)) return { ok: false, shown: { id: '', scope: '' }, reason: 'is no object' };
  const { id, scope: named } = record;
  const shown = {
    id: typeof id === 'string' ? storable(id.slice(0, MAX_ID)) : '',
    scope: typeof named === 'string' ? storable(named.slice(0, MAX_ID)) : '',
  };
  const refuse = (reason: string): RecordKey => ({ ok: false, shown, reason });
  if (typeof id !== 'string') return refuse('id: must be a text');
  if (id === '') return refuse('id: is empty');
  if (id.length > MAX_ID) return refuse(`id: must have at most ${MAX_ID} characters`);
  if (!isStorable(id)) return refuse('id: has broken or null characters');
  if (scopes.kind === 'bound') {
    if (named !== undefined && named !== scopes.scope)
      return refuse('scope: is another one than this call is bound to');
    return { ok: true, id, scope: scopes.scope };
  }
  if (typeof named !== 'string' || named === '')
    return refuse('scope: is missing; records of this stream name their scope');
  return scopes.scopes.has(named)
    ? { ok: true, id, scope: named }
    : refuse('scope: is not one that discovery has listed');
}

const RECORD_KEYS: ReadonlySet<string> = new Set(['id', 'scope', 'data', 'observed']);

function normalRecord(
  entity: StreamDescription['entity'],
  record: unknown,
  key: { id: string; scope: string },
): NormalRecord | string {
  if (!isObject(record)) return 'is no object';
  const unknown = Object.keys(record).find((name) => !RECORD_KEYS.has(name));
  if (unknown !== undefined) return `${storable(unknown.slice(0, 60))}: is not a known field`;
  const data = recordData(entity, record['data']);
  if (!data.ok) return data.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  const observed = asJson(record['observed'] ?? {});
  if (!isJsonObject(observed)) return 'observed: must be an object';
  const bytes = Buffer.byteLength(JSON.stringify(data.value)) + Buffer.byteLength(JSON.stringify(observed));
  if (bytes > batchLimits.recordBytes) return 'data: a record may have 256 KiB at most';
  return { ...key, data: data.value, observed, hash: jsonHash(data.value) };
}

function recordData(entity: StreamDescription['entity'], data: unknown): Checked<Readonly<Record<string, Json>>> {
  const shape: Shape | undefined = new Map<string, Shape>(Object.entries(entities)).get(entity);
  if (shape !== undefined) return checkValue(shape, data, 'data');
  const json = asJson(data);
  if (isJsonObject(json)) return { ok: true, value: json };
  return { ok: false, errors: [{ path: 'data', message: 'must be an object of JSON' }] };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJsonObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return isObject(value);
}

function bug(message: string): CallFailed {
  return new CallFailed('PluginBug', message);
}
