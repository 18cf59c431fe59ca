import { z } from 'zod';
import { text } from '#kernel/text';
import { ASSET_KINDS } from './asset.ts';

const bytes = z.int({ error: 'must be a whole number of bytes' }).min(0);
const count = z.int().min(0).max(65_536);
const short = text({ max: 200 });
const instant = z.iso.datetime({ offset: true });

/** What a machine is, as any source may report it: our agent's report fits as it is, a plugin gives what it knows. */
export const machineInventorySchema = z.object({
  hostname: text({ max: 253 }),
  fqdn: text({ max: 253 }).optional(),
  kind: z.enum(ASSET_KINDS).optional(),
  hardware: z
    .object({
      vendor: short.optional(),
      model: short.optional(),
      serialNumber: short.optional(),
      smbiosUuid: z.uuid().optional(),
      biosVersion: short.optional(),
      virtualization: short.optional(),
      cpuModel: short.optional(),
      cpuSockets: count.optional(),
      cpuCores: count.optional(),
      cpuThreads: count.optional(),
      memoryBytes: bytes.optional(),
      swapBytes: bytes.optional(),
    })
    .optional(),
  operatingSystem: z
    .object({
      family: text({ max: 50 }).optional(),
      distribution: text({ max: 100 }).optional(),
      name: short.optional(),
      version: text({ max: 100 }).optional(),
      kernel: short.optional(),
      architecture: text({ max: 50 }).optional(),
      machineId: text({ max: 64 }).optional(),
      timeZone: text({ max: 64 }).optional(),
      bootedAt: instant.optional(),
    })
    .optional(),
  disks: z
    .array(
      z.object({
        name: text({ max: 100 }),
        sizeBytes: bytes,
        model: short.optional(),
        serialNumber: short.optional(),
        kind: z.enum(['ssd', 'hdd', 'virtual', 'unknown']),
      }),
    )
    .max(256)
    .optional(),
  filesystems: z
    .array(
      z.object({
        mount: text({ max: 1000 }),
        device: text({ max: 1000 }),
        type: text({ max: 50 }),
        sizeBytes: bytes,
        usedBytes: bytes,
        availableBytes: bytes,
        isReadOnly: z.boolean(),
      }),
    )
    .max(256)
    .optional(),
  networkInterfaces: z
    .array(
      z.object({
        name: text({ max: 100 }),
        macAddress: z
          .string()
          .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, { error: 'must be a MAC address such as 3c:52:82:01:02:03' })
          .optional(),
        mtu: z.int().min(0).max(4_294_967_295).optional(),
        speedMbit: z.int().min(0).max(10_000_000).optional(),
        isUp: z.boolean(),
        addresses: z.array(z.union([z.cidrv4(), z.cidrv6()])).max(64),
      }),
    )
    .max(512)
    .optional(),
  agentVersion: text({ max: 50 }).optional(),
});
export type MachineInventory = z.output<typeof machineInventorySchema>;

/** Installed software as any source may report it. `isComplete` false: what is missing may still be there. */
export const machineSoftwareSchema = z.object({
  isComplete: z.boolean(),
  packages: z
    .array(
      z.object({
        name: text({ max: 300 }),
        version: text({ max: 300 }),
        architecture: text({ max: 50 }).optional(),
        manager: text({ max: 30 }),
        publisher: text({ max: 300 }).optional(),
        installedAt: instant.optional(),
        sizeBytes: bytes.optional(),
      }),
    )
    .max(15_000),
});
export type MachineSoftware = z.output<typeof machineSoftwareSchema>;

/** Services as any source may report them, all of the machine's. */
export const machineServicesSchema = z.object({
  services: z
    .array(
      z.object({
        name: text({ max: 300 }),
        description: text({ max: 500 }).optional(),
        state: z.enum(['running', 'stopped', 'failed', 'starting', 'stopping', 'unknown']),
        startMode: z.enum(['automatic', 'manual', 'disabled', 'masked', 'unknown']),
      }),
    )
    .max(4_000),
});
export type MachineServices = z.output<typeof machineServicesSchema>;
