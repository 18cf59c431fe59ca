/** A client of the MSP. */
export interface Organization {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

export interface Device {
  readonly id: number;
  readonly organizationId: number;
  readonly nodeClass: string;
  readonly systemName: string;
  displayName: string;
  readonly serialNumber: string;
  readonly macAddress: string;
  readonly ipAddress: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly osName: string;
  readonly approvalStatus: 'PENDING' | 'APPROVED';
  isOffline: boolean;
  lastContact: Temporal.Instant;
}

export interface Software {
  readonly deviceId: number;
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly installDate: string;
}

export interface OsPatch {
  readonly deviceId: number;
  readonly id: string;
  readonly name: string;
  readonly kbNumber: string;
  readonly severity: string;
  readonly status: 'MANUAL' | 'APPROVED' | 'FAILED' | 'REJECTED';
  readonly type: string;
}

export interface SoftwarePatch {
  readonly deviceId: number;
  readonly id: string;
  readonly productIdentifier: string;
  readonly title: string;
  readonly impact: string;
  readonly status: 'MANUAL' | 'APPROVED' | 'FAILED' | 'REJECTED';
  readonly type: string;
}

export interface Alert {
  readonly uid: string;
  readonly deviceId: number;
  readonly message: string;
  readonly subject: string;
  readonly sourceType: string;
  readonly sourceName: string;
  readonly createdAt: Temporal.Instant;
}

/** A script of the MSP, or an action that NinjaOne brings along. */
export interface Script {
  readonly type: 'SCRIPT' | 'ACTION';
  readonly id: number | undefined;
  readonly uid: string | undefined;
  readonly name: string;
  readonly language: string;
}

/** What one NinjaOne instance holds. */
export interface World {
  readonly organizations: Organization[];
  readonly devices: Device[];
  readonly software: Software[];
  readonly osPatches: OsPatch[];
  readonly softwarePatches: SoftwarePatch[];
  readonly alerts: Alert[];
  readonly scripts: readonly Script[];
}

/** Roles that a script may run as (`credentials.roles` of the scripting options). */
export const roles = ['system', 'loggedonuser', 'SR_LOCAL_ADMINISTRATOR', 'SR_DOMAIN_ADMINISTRATOR'] as const;

const scripts: readonly Script[] = [
  { type: 'SCRIPT', id: 101, uid: undefined, name: 'Clear print queue', language: 'powershell' },
  { type: 'SCRIPT', id: 102, uid: undefined, name: 'Collect logs', language: 'powershell' },
  { type: 'SCRIPT', id: 103, uid: undefined, name: 'Script that fails', language: 'powershell' },
  {
    type: 'ACTION',
    id: undefined,
    uid: 'c1f3c8f0-52f9-4c41-a7c3-0a5f0d3d9b11',
    name: 'Run chkdsk',
    language: 'native',
  },
];

/** Ids are unique in the instance; names, serial numbers and addresses are the same in both organisations. */
function devicesOf(organizationId: number, now: Temporal.Instant): Device[] {
  const base = organizationId * 10;
  const common = { organizationId, approvalStatus: 'APPROVED' as const, isOffline: false, lastContact: now };
  return [
    {
      ...common,
      id: base + 1,
      nodeClass: 'WINDOWS_SERVER',
      systemName: 'DC01',
      displayName: 'DC01',
      serialNumber: 'CZC12345AB',
      macAddress: '00:15:5D:01:02:03',
      ipAddress: '10.0.0.10',
      manufacturer: 'HPE',
      model: 'ProLiant ML30 Gen11',
      osName: 'Windows Server 2022 Standard Edition',
    },
    {
      ...common,
      id: base + 2,
      nodeClass: 'WINDOWS_WORKSTATION',
      systemName: 'RECEPTION-01',
      displayName: 'Reception',
      // What boards say whose maker wrote nothing: no evidence of anything.
      serialNumber: 'To be filled by O.E.M.',
      macAddress: '00:15:5D:01:02:04',
      ipAddress: '10.0.0.21',
      manufacturer: 'ASUS',
      model: 'All Series',
      osName: 'Windows 11 Professional Edition',
    },
    {
      ...common,
      id: base + 3,
      nodeClass: 'MAC',
      systemName: 'mac-ada',
      displayName: 'mac-ada',
      serialNumber: 'C02XK1ABCDEF',
      macAddress: 'a4:83:e7:01:02:05',
      ipAddress: '10.0.0.22',
      manufacturer: 'Apple Inc.',
      model: 'MacBookPro18,3',
      osName: 'macOS 26.1',
    },
    {
      ...common,
      id: base + 4,
      nodeClass: 'LINUX_SERVER',
      systemName: 'nas01',
      displayName: 'nas01',
      serialNumber: '2310ABC0042',
      macAddress: '00:11:32:01:02:06',
      ipAddress: '10.0.0.30',
      manufacturer: 'Synology',
      model: 'RS1221+',
      osName: 'Debian GNU/Linux 13',
      isOffline: true,
    },
  ];
}

function uuid(deviceId: number, kind: number, index: number): string {
  const tail = String(deviceId * 1000 + kind * 100 + index).padStart(12, '0');
  return `6f1c0a5e-0000-4000-8000-${tail}`;
}

function softwareOf(device: Device): Software[] {
  const common = { deviceId: device.id, installDate: '2026-04-02T00:00:00Z' };
  return [
    { ...common, name: 'Firefox', version: '140.0.2', publisher: 'Mozilla' },
    { ...common, name: '7-Zip 25.01 (x64)', version: '25.01', publisher: 'Igor Pavlov' },
    { ...common, name: 'Practice Manager', version: '9.4', publisher: 'Harbour Software' },
  ];
}

function osPatchesOf(device: Device): OsPatch[] {
  if (!device.nodeClass.startsWith('WINDOWS')) return [];
  const patch = (index: number, kbNumber: string, status: OsPatch['status']): OsPatch => ({
    deviceId: device.id,
    id: uuid(device.id, 1, index),
    name: `2026-11 Cumulative Update (${kbNumber})`,
    kbNumber,
    severity: index === 1 ? 'CRITICAL' : 'OPTIONAL',
    status,
    type: index === 1 ? 'SECURITY_UPDATES' : 'UPDATE_ROLLUPS',
  });
  return [patch(1, 'KB5068861', 'APPROVED'), patch(2, 'KB5068221', 'FAILED')];
}

function softwarePatchesOf(device: Device): SoftwarePatch[] {
  const common = { deviceId: device.id, impact: 'RECOMMENDED', status: 'MANUAL' as const, type: 'PATCH' };
  return [{ ...common, id: uuid(device.id, 2, 1), productIdentifier: uuid(0, 3, 1), title: 'Firefox 145.0' }];
}

/** Two organisations that clash, and one without devices. */
export function makeWorld(now: Temporal.Instant): World {
  const organizations = [
    { id: 1, name: 'Harbour Dental', description: 'Dentists at the harbour' },
    { id: 2, name: 'Keller Metallbau', description: '' },
    { id: 3, name: 'Old Mill Bakery', description: 'No devices yet' },
  ];
  const devices = [1, 2].flatMap((organizationId) => devicesOf(organizationId, now));
  return {
    organizations,
    devices,
    software: devices.flatMap(softwareOf),
    osPatches: devices.flatMap(osPatchesOf),
    softwarePatches: devices.filter((device) => device.nodeClass !== 'LINUX_SERVER').flatMap(softwarePatchesOf),
    alerts: [],
    scripts,
  };
}
