import type { Inventory } from '@bailiwick/agent-protocol';
import { fitText } from '@bailiwick/agent-protocol';
import type { MachineFiles } from './machine-files.ts';
import { isWholeDisk, readMemory } from './metrics-readings.ts';

type Hardware = Inventory['hardware'];
type Disk = Inventory['disks'][number];

/** What makers leave in SMBIOS when they did not fill it in; as a serial number it would make one machine of a thousand. */
const PLACEHOLDERS =
  /^(?:to be filled by o\.?e\.?m\.?|default string|none|not (?:specified|available|applicable)|n\/?a|system (?:serial number|product name|manufacturer)|o\.?e\.?m\.?|unknown|invalid|chassis serial number|0+|1234567(?:8|89|890)?|x+|\.+|-+)$/i;

/** A text of the firmware, if it says something. */
export function firmwareText(value: string | undefined): string | undefined {
  // The device tree ends its strings with NUL.
  const text = (value ?? '').replaceAll('\0', '').trim();
  return text === '' || PLACEHOLDERS.test(text) ? undefined : fitText(text, 200);
}

/** The SMBIOS uuid; all zeros and all ones mean that there is none (DMTF DSP0134 §7.2.1). */
export function readSmbiosUuid(files: MachineFiles): string | undefined {
  const uuid = files.read('/sys/class/dmi/id/product_uuid')?.trim().toLowerCase();
  if (uuid === undefined || !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return undefined;
  // Boards sold with one uuid for all, as dmidecode and fwupd know them, are not told here; the server holds further evidence.
  return /^(?:0|f)+$/.test(uuid.replaceAll('-', '')) || !isRfcUuid(uuid) ? undefined : uuid;
}

/** Some firmware writes bytes that are no UUID of any version; the protocol takes none of them. */
function isRfcUuid(uuid: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid);
}

export function readSerialNumber(files: MachineFiles): string | undefined {
  return (
    firmwareText(files.read('/sys/class/dmi/id/product_serial')) ??
    firmwareText(files.read('/sys/firmware/devicetree/base/serial-number'))
  );
}

export function readHardware(files: MachineFiles, virtualization: string | undefined): Hardware {
  const cpu = readProcessors(files);
  const memory = readMemory(files);
  const found = {
    vendor: firmwareText(files.read('/sys/class/dmi/id/sys_vendor')),
    model:
      firmwareText(files.read('/sys/class/dmi/id/product_name')) ??
      firmwareText(files.read('/sys/firmware/devicetree/base/model')),
    serialNumber: readSerialNumber(files),
    smbiosUuid: readSmbiosUuid(files),
    biosVersion: firmwareText(files.read('/sys/class/dmi/id/bios_version')),
    virtualization: firmwareText(virtualization) ?? (virtualization === 'none' ? 'none' : undefined),
    ...cpu,
  };
  return {
    ...dropUndefined(found),
    cpuThreads: cpu.cpuThreads,
    memoryBytes: memory.get('MemTotal') ?? 0,
    swapBytes: memory.get('SwapTotal') ?? 0,
  };
}

function readProcessors(files: MachineFiles): {
  cpuModel?: string;
  cpuSockets?: number;
  cpuCores?: number;
  cpuThreads: number;
} {
  const text = files.read('/proc/cpuinfo') ?? '';
  const valuesOf = (field: string): string[] =>
    [...text.matchAll(new RegExp(`^${field}\\s*:\\s*(.+)$`, 'gm'))].map((match) => (match[1] ?? '').trim());
  const packages = valuesOf('physical id');
  const cores = valuesOf('core id');
  const model = firmwareText(valuesOf('model name')[0] ?? valuesOf('Hardware')[0]);
  return {
    ...(model === undefined ? {} : { cpuModel: model }),
    ...(packages.length === 0
      ? {}
      : {
          cpuSockets: new Set(packages).size,
          cpuCores: new Set(cores.map((core, index) => `${packages[index]}/${core}`)).size,
        }),
    cpuThreads: Math.max(1, valuesOf('processor').length),
  };
}

/** Whole disks of /sys/block. */
export function readDiskInventory(files: MachineFiles): Disk[] {
  return files
    .list('/sys/block')
    .filter(isWholeDisk)
    .map((name) => {
      const folder = `/sys/block/${name}`;
      const model = firmwareText(files.read(`${folder}/device/model`) ?? files.read(`${folder}/device/name`));
      const serialNumber = firmwareText(files.read(`${folder}/device/serial`) ?? files.read(`${folder}/serial`));
      const isVirtual = /^(?:vd|xvd)/.test(name) || /qemu|virtual|vmware|vbox/i.test(model ?? '');
      const rotational = files.read(`${folder}/queue/rotational`)?.trim();
      const kind = isVirtual ? 'virtual' : rotational === '1' ? 'hdd' : rotational === '0' ? 'ssd' : 'unknown';
      const sectors = Number(files.read(`${folder}/size`) ?? '0');
      return {
        name,
        sizeBytes: Number.isSafeInteger(sectors * 512) ? sectors * 512 : 0,
        kind,
        ...dropUndefined({ model, serialNumber }),
      };
    });
}

type Defined<Fields> = { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };

/** The fields that have a value: the protocol knows absent fields and no null ones. */
export function dropUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
