import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { boundedText } from './text.ts';
import { instantSchema } from './wire.ts';

const bytes = z.int({ error: 'must be a whole number of bytes' }).min(0);
const optionalText = boundedText(200).optional();

const hardwareSchema = z.strictObject({
  vendor: optionalText,
  model: optionalText,
  serialNumber: optionalText,
  smbiosUuid: z.uuid().optional(),
  biosVersion: optionalText,
  /** From systemd-detect-virt's words: `kvm`, `vmware`, `docker`, … or `none` on bare metal. */
  virtualization: optionalText,
  cpuModel: optionalText,
  cpuSockets: z.int().min(0).max(4_096).optional(),
  cpuCores: z.int().min(0).max(65_536).optional(),
  cpuThreads: z.int().min(1).max(65_536),
  memoryBytes: bytes,
  swapBytes: bytes,
});

const operatingSystemSchema = z.strictObject({
  family: z.enum(['linux', 'darwin', 'win32']),
  /** The `ID` of os-release: `debian`, `rhel`, … */
  distribution: boundedText(100),
  name: boundedText(200),
  version: boundedText(100).optional(),
  kernel: boundedText(200),
  architecture: boundedText(50),
  machineId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  timeZone: boundedText(64).optional(),
  bootedAt: instantSchema,
});

const diskSchema = z.strictObject({
  name: boundedText(100),
  sizeBytes: bytes,
  model: optionalText,
  serialNumber: optionalText,
  kind: z.enum(['ssd', 'hdd', 'virtual', 'unknown']),
});

const filesystemSchema = z.strictObject({
  mount: boundedText(1_000),
  device: boundedText(1_000),
  type: boundedText(50),
  sizeBytes: bytes,
  usedBytes: bytes,
  availableBytes: bytes,
  isReadOnly: z.boolean(),
});

const networkInterfaceSchema = z.strictObject({
  name: boundedText(100),
  macAddress: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    .optional(),
  mtu: z.int().min(0).max(4_294_967_295).optional(),
  speedMbit: z.int().min(0).max(10_000_000).optional(),
  isUp: z.boolean(),
  addresses: z.array(z.union([z.cidrv4(), z.cidrv6()])).max(LIMITS.addressesPerInterface),
});

/** What the machine is; a whole picture each time, sent when it changes and once a day. */
export const inventorySchema = z.strictObject({
  hostname: boundedText(253),
  fqdn: boundedText(253).optional(),
  hardware: hardwareSchema,
  operatingSystem: operatingSystemSchema,
  disks: z.array(diskSchema).max(LIMITS.disks),
  filesystems: z.array(filesystemSchema).max(LIMITS.filesystems),
  networkInterfaces: z.array(networkInterfaceSchema).max(LIMITS.networkInterfaces),
  agentVersion: boundedText(50),
});
export type Inventory = z.infer<typeof inventorySchema>;

const packageSchema = z.strictObject({
  name: boundedText(300),
  version: boundedText(300),
  architecture: boundedText(50).optional(),
  /** `deb`, `rpm`, `apk`, …: the same name in two managers is two pieces of software. */
  manager: boundedText(30),
  publisher: boundedText(300).optional(),
  installedAt: instantSchema.optional(),
  sizeBytes: bytes.optional(),
});
export type InstalledPackage = z.infer<typeof packageSchema>;

/** All installed software; `isComplete` is false if the list had to be cut, and then absence proves nothing. */
export const softwareSchema = z.strictObject({
  isComplete: z.boolean(),
  packages: z.array(packageSchema).max(LIMITS.packages),
});
export type Software = z.infer<typeof softwareSchema>;

const serviceSchema = z.strictObject({
  name: boundedText(300),
  description: boundedText(500).optional(),
  state: z.enum(['running', 'stopped', 'failed', 'starting', 'stopping', 'unknown']),
  startMode: z.enum(['automatic', 'manual', 'disabled', 'masked', 'unknown']),
  mainPid: z.int().min(1).optional(),
});

/** The services of the machine and who manages them. */
export const servicesSchema = z.strictObject({
  manager: z.enum(['systemd', 'sysvinit', 'processes']),
  services: z.array(serviceSchema).max(LIMITS.services),
});
export type Services = z.infer<typeof servicesSchema>;

const pendingUpdateSchema = z.strictObject({
  name: boundedText(300),
  architecture: boundedText(50).optional(),
  currentVersion: boundedText(300).optional(),
  candidateVersion: boundedText(300),
  isSecurity: z.boolean(),
  /** Where it comes from, as the manager says: `Debian-Security:12/stable-security`. */
  origin: boundedText(300).optional(),
});
export type PendingUpdate = z.infer<typeof pendingUpdateSchema>;

/** Updates that wait. With `error` the list says nothing: unknown is not the same as none. */
export const updatesSchema = z.strictObject({
  manager: z.enum(['apt', 'dnf', 'none']),
  checkedAt: instantSchema,
  /** When the manager last fetched its lists: an old list knows no new updates. */
  listsFetchedAt: instantSchema.optional(),
  error: boundedText(2_000).optional(),
  updates: z.array(pendingUpdateSchema).max(LIMITS.updates),
  isRebootRequired: z.boolean(),
  rebootReasons: z.array(boundedText(300)).max(200),
});
export type Updates = z.infer<typeof updatesSchema>;
