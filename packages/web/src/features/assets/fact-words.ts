import { bytesText, numberText } from '#web/ui/number/number-text.ts';
import { exactTime } from '#web/ui/relative-time/time-text.ts';

/** What a field is called. Fields without a word are for machines and are left out. */
export const FIELD_WORDS: Readonly<Record<string, string>> = {
  name: 'Name',
  kind: 'Kind',
  hostname: 'Host name',
  fqdn: 'Full host name',
  osName: 'System',
  osVersion: 'Version',
  kernel: 'Kernel',
  architecture: 'Architecture',
  timeZone: 'Time zone',
  bootedAt: 'Started',
  primaryAddress: 'Address',
  agentVersion: 'Agent',
  vendor: 'Vendor',
  model: 'Model',
  serialNumber: 'Serial number',
  biosVersion: 'Firmware',
  virtualization: 'Virtualisation',
  cpuModel: 'Processor',
  cpuCores: 'Cores',
  cpuThreads: 'Threads',
  memoryBytes: 'Memory',
  swapBytes: 'Swap',
  assetTag: 'Asset tag',
  location: 'Location',
  assignedTo: 'Assigned to',
  purchasedOn: 'Purchased',
  warrantyEndsOn: 'Warranty until',
  notes: 'Notes',
  siteId: 'Site',
  state: 'State',
};

export const SYSTEM_FIELDS = [
  'osName',
  'osVersion',
  'kernel',
  'architecture',
  'hostname',
  'primaryAddress',
  'timeZone',
  'bootedAt',
  'agentVersion',
];
export const HARDWARE_FIELDS = [
  'vendor',
  'model',
  'serialNumber',
  'biosVersion',
  'virtualization',
  'cpuModel',
  'cpuCores',
  'cpuThreads',
  'memoryBytes',
  'swapBytes',
];
export const KEPT_FIELDS = ['assetTag', 'location', 'assignedTo', 'purchasedOn', 'warrantyEndsOn', 'notes'];

/** A fact's value as people read it. */
export function factText(field: string, value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'number') return field.endsWith('Bytes') ? bytesText(value) : numberText(value);
  if (typeof value === 'string')
    return field.endsWith('At') ? exactTime(Temporal.Instant.from(value), Temporal.Now.timeZoneId()) : value;
  return JSON.stringify(value);
}
