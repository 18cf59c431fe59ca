import { defineStream, type EntityData, NotSupported, PermissionMissing, type RecordUpsert } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { type GraphContext, type GraphError, listPages } from './graph.ts';

interface ManagedDevice {
  readonly id: string;
  readonly deviceName?: string | null;
  readonly operatingSystem?: string | null;
  readonly osVersion?: string | null;
  readonly manufacturer?: string | null;
  readonly model?: string | null;
  readonly serialNumber?: string | null;
  readonly wiFiMacAddress?: string | null;
  readonly ethernetMacAddress?: string | null;
  readonly complianceState?: string | null;
  readonly managedDeviceOwnerType?: string | null;
  readonly azureADDeviceId?: string | null;
  readonly userPrincipalName?: string | null;
  readonly isEncrypted?: boolean | null;
  readonly lastSyncDateTime?: string | null;
}

const path = 'deviceManagement/managedDevices';
const properties =
  'id,deviceName,operatingSystem,osVersion,manufacturer,model,serialNumber,wiFiMacAddress,ethernetMacAddress,complianceState,managedDeviceOwnerType,azureADDeviceId,userPrincipalName,isEncrypted,lastSyncDateTime';

/** Devices that Intune manages. */
export const devices = defineStream(partner, {
  name: 'devices',
  label: 'Devices in Intune',
  entity: 'device',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    await needIntune(ctx);
    for await (const page of listPages<ManagedDevice>(ctx, path, { $select: properties })) {
      yield { upserts: page.map(toDevice) };
    }
  },
});

/** A tenant without Intune says so with an error, not with an empty list. */
async function needIntune(ctx: GraphContext): Promise<void> {
  const answer = await ctx.http.request(path, { query: { $select: 'id', $top: 1 }, accept: [400, 403] });
  if (answer.status === 200) return;
  const message = answer.json<GraphError>().error?.message ?? '';
  if (/not applicable to target tenant|not licensed/iu.test(message)) {
    throw new NotSupported('This tenant has no licence for Intune.');
  }
  throw new PermissionMissing(
    'The application may not read the devices of this tenant.',
    'DeviceManagementManagedDevices.Read.All',
  );
}

function toDevice(device: ManagedDevice): RecordUpsert<'device'> {
  const macAddresses = [device.ethernetMacAddress, device.wiFiMacAddress].filter((address) => isMacAddress(address));
  const labels = {
    owner: device.managedDeviceOwnerType,
    user: device.userPrincipalName,
    entraDeviceId: device.azureADDeviceId,
    encrypted: device.isEncrypted === true ? 'yes' : device.isEncrypted === false ? 'no' : undefined,
  };
  const data: EntityData<'device'> = {
    name: device.deviceName || device.id,
    kind: kindOf(device.operatingSystem ?? ''),
    vendor: device.manufacturer || undefined,
    model: device.model || undefined,
    serialNumber: device.serialNumber || undefined,
    macAddresses,
    osFamily: device.operatingSystem?.toLowerCase() || undefined,
    osName: device.operatingSystem || undefined,
    osVersion: device.osVersion || undefined,
    isManaged: true,
    state: device.complianceState || undefined,
    labels: Object.fromEntries(Object.entries(labels).flatMap(([key, value]) => (value ? [[key, value]] : []))),
  };
  return { id: device.id, data, observed: { lastSyncAt: device.lastSyncDateTime ?? null } };
}

/** Intune writes zeros, or nothing, where there is no such adapter. */
function isMacAddress(address: string | null | undefined): address is string {
  return /^(?!0+$)[0-9a-f]{12}$/iu.test(address?.replaceAll(/[:-]/gu, '') ?? '');
}

function kindOf(operatingSystem: string): EntityData<'device'>['kind'] {
  if (/^(?:ios|ipados|android)/iu.test(operatingSystem)) return 'mobile';
  if (/^(?:windows|macos|linux)/iu.test(operatingSystem)) return 'workstation';
  return 'other';
}
