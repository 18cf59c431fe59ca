import { MarkSeen, RecordInventory, RecordServices, RecordSoftware, type AssetId } from '#modules/assets';
import { RecordUpdates } from '#modules/patching';
import type { MachinePlan } from './machine-plan.ts';
import { planPackages, planServices, planUpdates } from './software-plan.ts';
import { eachOf, type Stage, type StagedClient } from './stage.ts';

const EFI_BYTES = 536_870_912;

/** What each machine with an agent says of itself today: inventory, software, services, pending updates. */
export async function loadInventory(stage: Stage, clients: readonly StagedClient[]): Promise<void> {
  const { container, system, clock } = stage;
  const machines = clients.flatMap((client) =>
    client.machines.filter(({ plan }) => plan.system !== null).map((machine) => ({ client, ...machine })),
  );
  await eachOf(stage, 'machines with inventory, software and services', machines, async ({ client, plan, assetId }) => {
    if (plan.system === null) return;
    const random = stage.random.fork(`inventory-${plan.name}`);
    const observedAt = clock.present.subtract({ minutes: random.int(1, 300) });
    const source = 'agent';
    const about = { assetId, source, observedAt };
    await container
      .resolve(RecordInventory)
      .run(system, { ...about, inventory: inventoryOf(plan, client.plan.domain, observedAt) });
    await container.resolve(RecordSoftware).run(system, { ...about, software: planPackages(plan.system, random) });
    await container.resolve(RecordServices).run(system, { ...about, services: planServices(plan.system, random) });
    await loadUpdates(stage, { clientId: client.clientId, assetId, plan, observedAt, random });
    await container.resolve(MarkSeen).run(system, assetId);
  });
}

async function loadUpdates(
  { container, system }: Stage,
  {
    clientId,
    assetId,
    plan,
    observedAt,
    random,
  }: {
    clientId: StagedClient['clientId'];
    assetId: AssetId;
    plan: MachinePlan;
    observedAt: Temporal.Instant;
    random: Stage['random'];
  },
): Promise<void> {
  if (plan.system?.manager !== 'deb') return;
  const updates = planUpdates(plan.system, random).map((update) => ({
    name: update.name,
    architecture: 'amd64',
    currentVersion: update.installed,
    candidateVersion: update.candidate,
    isSecurity: update.isSecurity,
    origin: update.isSecurity ? 'Debian-Security:13/stable-security' : 'Debian:13.2/stable',
  }));
  const isRebootRequired = random.chance(0.12);
  await container.resolve(RecordUpdates).run(system, {
    assetId,
    clientId,
    observedAt,
    updates: {
      manager: 'apt',
      checkedAt: observedAt.toString(),
      updates,
      isRebootRequired,
      rebootReasons: isRebootRequired ? ['linux-image-amd64'] : [],
    },
  });
}

function inventoryOf(plan: MachinePlan, domain: string, at: Temporal.Instant) {
  const { system } = plan;
  const used = Math.round(plan.diskBytes * plan.fullness);
  return {
    hostname: plan.name.toLowerCase(),
    fqdn: `${plan.name.toLowerCase()}.${domain}`,
    kind: plan.kind,
    hardware: {
      vendor: plan.vendor,
      model: plan.model,
      serialNumber: plan.serialNumber,
      smbiosUuid: plan.smbiosUuid,
      biosVersion: '1.14.2',
      ...(plan.vendor === 'QEMU' ? { virtualization: 'kvm' } : {}),
      cpuModel: plan.cpuModel,
      cpuSockets: 1,
      cpuCores: plan.cpuCores,
      cpuThreads: plan.cpuCores * 2,
      memoryBytes: plan.memoryBytes,
      swapBytes: 2_147_483_648,
    },
    operatingSystem: {
      family: system?.family ?? 'linux',
      ...(system?.distribution === undefined ? {} : { distribution: system.distribution }),
      name: system?.name ?? '',
      version: system?.version ?? '',
      kernel: system?.kernel ?? '',
      architecture: plan.vendor === 'Apple Inc.' ? 'arm64' : 'x86_64',
      machineId: plan.machineId,
      bootedAt: at
        .subtract({ hours: 24 * plan.daysUp + 3 })
        .round('second')
        .toString(),
    },
    disks: [
      {
        name: system?.family === 'linux' ? 'nvme0n1' : 'Disk 0',
        sizeBytes: plan.diskBytes,
        model: plan.vendor === 'QEMU' ? 'QEMU HARDDISK' : 'Samsung PM9A3',
        kind: plan.vendor === 'QEMU' ? ('virtual' as const) : ('ssd' as const),
      },
    ],
    filesystems: [
      {
        mount: system?.mount ?? '/',
        device: system?.family === 'linux' ? '/dev/nvme0n1p2' : 'disk0',
        type: system?.family === 'linux' ? 'ext4' : system?.family === 'macos' ? 'apfs' : 'ntfs',
        sizeBytes: plan.diskBytes - EFI_BYTES,
        usedBytes: used,
        availableBytes: plan.diskBytes - EFI_BYTES - used,
        isReadOnly: false,
      },
    ],
    networkInterfaces: [
      {
        name: system?.family === 'linux' ? 'eno1' : system?.family === 'macos' ? 'en0' : 'Ethernet',
        macAddress: plan.macAddress,
        mtu: 1500,
        speedMbit: 1000,
        isUp: true,
        addresses: [plan.address],
      },
    ],
    agentVersion: '0.1.0',
  };
}
