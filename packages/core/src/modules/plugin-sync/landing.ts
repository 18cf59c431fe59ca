import type { EntityData } from '@bailiwick/sdk';
import type { ClientId } from '#kernel/id';
import type { RaiseAlertInput } from '#modules/alerts';
import type { AssetId, MachineEvidence } from '#modules/assets';
import type { ConnectionId } from '#modules/plugin-host';
import type { RemoteScopeId } from '#modules/plugin-scopes';
import type { EntityId } from './sync-table.ts';

/** A record that is to be applied, as it is now. */
export interface LandingRecord {
  readonly id: EntityId;
  readonly clientId: ClientId;
  readonly connectionId: ConnectionId;
  readonly scopeId: RemoteScopeId;
  readonly entity: string;
  readonly externalId: string;
  readonly deviceRef: string | null;
  readonly data: unknown;
  readonly observed: unknown;
  readonly isDeleted: boolean;
  readonly assetId: AssetId | null;
  readonly changedAt: Temporal.Instant;
  readonly version: number;
}

/** A plugin asks the vendor, who asked the machine: less sure than what an agent reads on it. */
export const PLUGIN_CONFIDENCE = 60;

/** The name of a plugin as a source of facts and alerts: `plugin-zabbix` for `bailiwick/zabbix`. */
export function sourceOf(plugin: string): string {
  return `plugin-${plugin.slice(plugin.indexOf('/') + 1)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What a device record says, as any source of inventory says it. What does not fit is left out: one odd field must not cost the machine. */
export function inventoryOf(device: EntityData<'device'>) {
  const smbiosUuid = device.smbiosUuid !== undefined && UUID.test(device.smbiosUuid) ? device.smbiosUuid : undefined;
  return withoutAbsent({
    hostname: device.name,
    fqdn: device.fqdn,
    kind: device.kind,
    hardware: withoutAbsent({
      vendor: device.vendor,
      model: device.model,
      serialNumber: device.serialNumber,
      smbiosUuid,
      cpuModel: device.cpuModel,
      cpuCores: device.cpuCores,
      memoryBytes: device.memoryBytes,
    }),
    operatingSystem: withoutAbsent({ family: device.osFamily, name: device.osName, version: device.osVersion }),
  });
}

/** What tells the machine from others. */
export function evidenceOf(record: LandingRecord, device: EntityData<'device'>): MachineEvidence {
  return {
    sourceKey: `${record.connectionId}/${record.scopeId}/${record.externalId}`,
    macAddresses: device.macAddresses?.flatMap((address) => normalMac(address) ?? []),
  };
}

/** Six hex pairs, whatever separates them; undefined for anything else. */
function normalMac(address: string): string | undefined {
  const digits = address.toLowerCase().replaceAll(/[^0-9a-f]/g, '');
  return digits.length === 12 ? digits.match(/../g)?.join(':') : undefined;
}

/** What makes two alert records the same problem. */
export function fingerprintOf(record: Pick<LandingRecord, 'connectionId' | 'scopeId' | 'externalId'>): string {
  return `${record.connectionId}/${record.scopeId}/${record.externalId}`;
}

/** An alert record as the pipeline takes it. */
export function alertOf(record: LandingRecord, alert: EntityData<'alert'>, source: string): RaiseAlertInput {
  return {
    clientId: record.clientId,
    assetId: record.assetId,
    checkId: null,
    source,
    fingerprint: fingerprintOf(record),
    title: alert.title,
    message: alert.message ?? '',
    series: '',
    severity: alert.severity,
    value: null,
    threshold: null,
    at: Temporal.Instant.from(alert.openedAt),
  };
}

/** The text of a series: `cpu.busy_percent{core="0"}`, labels in order. */
export function seriesOf(metric: EntityData<'metric'>): string {
  const labels = Object.entries((metric.labels ?? {}) as Record<string, unknown>)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return labels.length === 0 ? metric.name : `${metric.name}{${labels.join(',')}}`;
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(value: T): Partial<Present<T>> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<Present<T>>;
}
