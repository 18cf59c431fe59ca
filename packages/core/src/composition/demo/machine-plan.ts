import { CLIENTS, type ClientPlan } from './client-plan.ts';
import type { Random } from './random.ts';
import { SYSTEMS, type SystemPlan } from './software-plan.ts';

const GIB = 1_073_741_824;

/** What an asset of the demo is. `system` is null for what runs no agent: printers, switches. */
export interface MachinePlan {
  readonly name: string;
  readonly kind: 'server' | 'hypervisor' | 'workstation' | 'laptop' | 'network' | 'storage' | 'printer';
  /** Which of the client's sites, counted from 0. */
  readonly site: number;
  readonly system: SystemPlan | null;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly smbiosUuid: string;
  readonly machineId: string;
  readonly macAddress: string;
  readonly address: string;
  readonly cpuModel: string;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  /** How full the system's file system is, 0 to 1. */
  readonly fullness: number;
  /** How busy it is at its busiest, 0 to 1. */
  readonly load: number;
  readonly daysUp: number;
}

const HARDWARE = {
  server: [
    ['Dell Inc.', 'PowerEdge R660xs', 'Intel Xeon Silver 4514Y', 16, 128, 1920],
    ['HPE', 'ProLiant DL360 Gen11', 'Intel Xeon Gold 5416S', 16, 96, 1920],
    ['Lenovo', 'ThinkSystem SR650 V3', 'Intel Xeon Silver 4410Y', 12, 64, 960],
    ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', 'AMD EPYC 9124', 4, 16, 200],
  ],
  hypervisor: [
    ['Dell Inc.', 'PowerEdge R760', 'Intel Xeon Gold 6526Y', 32, 512, 7680],
    ['HPE', 'ProLiant DL380 Gen11', 'Intel Xeon Gold 6430', 32, 384, 7680],
  ],
  workstation: [
    ['Dell Inc.', 'OptiPlex 7020', 'Intel Core i5-14500', 14, 16, 512],
    ['HP', 'EliteDesk 800 G9', 'Intel Core i7-13700', 16, 32, 1024],
    ['Lenovo', 'ThinkCentre M70q Gen 5', 'Intel Core i5-14400T', 10, 16, 512],
  ],
  laptop: [
    ['Lenovo', 'ThinkPad T14 Gen 5', 'Intel Core Ultra 5 125U', 12, 16, 512],
    ['Dell Inc.', 'Latitude 7450', 'Intel Core Ultra 7 165U', 12, 32, 1024],
    ['HP', 'EliteBook 845 G11', 'AMD Ryzen 7 PRO 8840HS', 8, 32, 512],
    ['Apple Inc.', 'MacBook Pro 14', 'Apple M4 Pro', 12, 24, 512],
  ],
} as const;

const APPLIANCES = {
  network: [
    ['Fortinet', 'FortiGate 60F'],
    ['Cisco', 'Catalyst 1300-24P'],
    ['Ubiquiti', 'USW-Pro-24-PoE'],
    ['HPE Aruba', 'Instant On 1960'],
  ],
  storage: [
    ['Synology', 'RS1221+'],
    ['QNAP', 'TS-873AeU'],
  ],
  printer: [
    ['Kyocera', 'ECOSYS M5526cdw'],
    ['HP', 'LaserJet Enterprise M554'],
    ['Canon', 'imageRUNNER C3226i'],
    ['Brother', 'MFC-L8900CDW'],
  ],
} as const;

const CODES = {
  server: 'SRV',
  hypervisor: 'HV',
  workstation: 'WS',
  laptop: 'LT',
  network: 'NET',
  storage: 'NAS',
  printer: 'PRN',
} as const;

/** A client's machines, as many as its plan says: servers by size, one switch and one printer for each site, the rest on desks and in bags. */
export function planMachines(client: ClientPlan, random: Random): MachinePlan[] {
  const kinds = kindsOf(client, random);
  const counters = new Map<string, number>();
  return kinds.map(({ kind, site }, index) => {
    const counter = (counters.get(kind) ?? 0) + 1;
    counters.set(kind, counter);
    const name = `${client.shortCode}-${CODES[kind]}-${String(counter).padStart(2, '0')}`;
    return planMachine(client, random.fork(name), { name, kind, site, index });
  });
}

function kindsOf(client: ClientPlan, random: Random): { kind: MachinePlan['kind']; site: number }[] {
  const { devices, sites } = client;
  const servers = Math.max(1, Math.round(devices / 7));
  const fixed = [
    ...Array.from({ length: servers }, (_, index) => ({
      kind: 'server' as const,
      site: index < 3 ? 0 : index % sites.length,
    })),
    ...(devices >= 40 ? [{ kind: 'hypervisor' as const, site: 0 }] : []),
    ...(devices >= 28 ? [{ kind: 'storage' as const, site: 0 }] : []),
    ...sites.flatMap((_, site) => [
      { kind: 'network' as const, site },
      { kind: 'printer' as const, site },
    ]),
  ];
  const desks = Array.from({ length: Math.max(0, devices - fixed.length) }, () => ({
    kind: random.chance(0.55) ? ('laptop' as const) : ('workstation' as const),
    site: random.weighted(
      sites.map((_, site) => site),
      (site) => (site === 0 ? sites.length : 1),
    ),
  }));
  return [...fixed, ...desks];
}

function planMachine(
  client: ClientPlan,
  random: Random,
  { name, kind, site, index }: { name: string; kind: MachinePlan['kind']; site: number; index: number },
): MachinePlan {
  const common = {
    name,
    kind,
    site,
    serialNumber: random.hex(7).toUpperCase() + String(index).padStart(3, '0'),
    smbiosUuid: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
    machineId: random.hex(32),
    macAddress: ['3c', '52', '82', random.hex(2), random.hex(2), random.hex(2)].join(':'),
    address: `10.${20 + CLIENTS.indexOf(client)}.${site + 1}.${10 + index}/24`,
    fullness: random.chance(0.06) ? 0.8 + random.next() * 0.08 : 0.2 + random.next() * 0.55,
    load: 0.12 + random.next() * 0.55,
    daysUp: kind === 'server' || kind === 'hypervisor' ? random.int(8, 120) : random.int(0, 12),
  };
  if (kind === 'network' || kind === 'storage' || kind === 'printer') {
    const [vendor, model] = random.pick<readonly [string, string]>(APPLIANCES[kind]);
    return { ...common, vendor, model, system: null, cpuModel: '', cpuCores: 0, memoryBytes: 0, diskBytes: 0 };
  }
  const [vendor, model, cpuModel, cpuCores, memoryGib, diskGb] = random.pick<
    readonly [string, string, string, number, number, number]
  >(HARDWARE[kind]);
  const systems = SYSTEMS.filter(
    (system) => system.kinds.includes(kind) && (vendor === 'Apple Inc.') === (system.family === 'macos'),
  );
  return {
    ...common,
    vendor,
    model,
    system: random.weighted(systems, ({ share }) => share),
    cpuModel,
    cpuCores,
    memoryBytes: memoryGib * GIB,
    diskBytes: diskGb * 1_000_000_000,
  };
}
