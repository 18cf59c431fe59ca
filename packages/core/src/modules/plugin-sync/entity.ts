import type { EntityType, Json } from '@bailiwick/sdk';
import { idSchema } from '#kernel/id';
import type { AssetId } from '#modules/assets';

/** The id of a record that a plugin delivered. */
export const entityIdSchema = idSchema('plugin-entity');
export const streamIdSchema = idSchema('plugin-stream');

/** What is kept with every version it had: what billing, reports and audits ask about the past. */
const WITH_HISTORY: ReadonlySet<string> = new Set<EntityType>(['user', 'licence', 'cost', 'finding']);

/** What is applied to a module of ours; all else is kept and shown. */
const LANDS: ReadonlySet<string> = new Set<EntityType>(['device', 'software', 'alert', 'metric']);

/** Whether each version of such a record is kept. */
export function hasHistory(entity: string): boolean {
  return WITH_HISTORY.has(entity);
}

/** Whether such a record is applied to assets, alerts or metrics. */
export function lands(entity: string): boolean {
  return LANDS.has(entity);
}

const NAME_FIELDS = ['name', 'title', 'subject', 'number', 'displayName', 'chargeDescription', 'serviceName'];
const MAX_NAME = 300;

/** What a person calls a record: its name or title, or its id at the vendor. */
export function nameOf(externalId: string, data: Readonly<Record<string, Json>>): string {
  const name = NAME_FIELDS.map((field) => data[field]).find((value) => typeof value === 'string' && value !== '');
  return (typeof name === 'string' ? name : externalId).slice(0, MAX_NAME);
}

/** The device record that a record belongs to, by its id at the vendor. */
export function deviceOf(data: Readonly<Record<string, Json>>): string | null {
  const device = data['device'];
  return typeof device === 'string' ? device : null;
}

/** A vendor heard of a machine. */
export interface Sighting {
  readonly assetId: AssetId;
  readonly at: Temporal.Instant;
}

/** `observed.seenAt` of a device: when the vendor last heard of it. Null where it does not say, or says no time. */
export function seenAtOf(observed: unknown): Temporal.Instant | null {
  const { seenAt } = (observed ?? {}) as { readonly seenAt?: unknown };
  if (typeof seenAt !== 'string') return null;
  try {
    return Temporal.Instant.from(seenAt);
  } catch {
    return null;
  }
}
