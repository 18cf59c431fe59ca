import type { Alert, Device, Organization, World } from './world.ts';

/** Points in time are seconds since 1970, with a fraction. */
export function seconds(at: Temporal.Instant): number {
  return at.epochMilliseconds / 1000;
}

export function presentOrganization(organization: Organization): object {
  return { ...organization, nodeApprovalMode: 'AUTOMATIC', tags: [], fields: {} };
}

/** What lists and alerts say of a device. */
export function presentDevice(device: Device): object {
  return {
    id: device.id,
    organizationId: device.organizationId,
    locationId: device.organizationId,
    nodeClass: device.nodeClass,
    nodeRoleId: 1,
    rolePolicyId: 1,
    approvalStatus: device.approvalStatus,
    offline: device.isOffline,
    displayName: device.displayName,
    systemName: device.systemName,
    dnsName: `${device.systemName.toLowerCase()}.corp.example`,
    created: 1_772_438_400,
    lastContact: seconds(device.lastContact),
    lastUpdate: seconds(device.lastContact),
    tags: [],
    fields: {},
  };
}

/** What the detailed list, and one device by itself, say beyond that. */
export function presentDeviceDetails(device: Device): object {
  return {
    ...presentDevice(device),
    ipAddresses: [device.ipAddress],
    macAddresses: [device.macAddress],
    publicIP: '203.0.113.7',
    notes: [],
    deviceType: device.nodeClass,
    os: {
      manufacturer: device.manufacturer,
      name: device.osName,
      architecture: '64-bit',
      lastBootTime: 1_795_000_000,
      buildNumber: '20348',
      needsReboot: false,
    },
    system: computerSystem(device),
    memory: { capacity: 17_179_869_184 },
    processors: [{ architecture: 'x64', name: 'Intel(R) Xeon(R) E-2434', numCores: 4, numLogicalCores: 8 }],
  };
}

/** The computer's own words about itself (`ComputerSystem`). */
export function computerSystem(device: Device): object {
  return {
    name: device.systemName,
    manufacturer: device.manufacturer,
    model: device.model,
    biosSerialNumber: device.serialNumber,
    serialNumber: device.serialNumber,
    domain: 'CORP',
    numberOfProcessors: 1,
    totalPhysicalMemory: 17_179_869_184,
    virtualMachine: false,
    chassisType: 'DESKTOP',
  };
}

/** A triggered condition, with its device. */
export function presentAlert(alert: Alert, world: World): object {
  const device = world.devices.find((one) => one.id === alert.deviceId);
  return {
    uid: alert.uid,
    deviceId: alert.deviceId,
    message: alert.message,
    createTime: seconds(alert.createdAt),
    updateTime: seconds(alert.createdAt),
    sourceType: alert.sourceType,
    sourceName: alert.sourceName,
    subject: alert.subject,
    ...(device === undefined ? {} : { device: presentDevice(device) }),
  };
}
