import { graphTime } from './clock.ts';
import { clashingId } from './default-people.ts';
import type { Tenant } from './tenant.ts';

const models = [
  { manufacturer: 'Dell Inc.', model: 'Latitude 5440', operatingSystem: 'Windows', osVersion: '10.0.26100.2314' },
  { manufacturer: 'LENOVO', model: 'ThinkPad T14', operatingSystem: 'Windows', osVersion: '10.0.22631.4460' },
  { manufacturer: 'Apple', model: 'MacBook Air', operatingSystem: 'macOS', osVersion: '15.1' },
  { manufacturer: 'Apple', model: 'iPhone 15', operatingSystem: 'iOS', osVersion: '18.1' },
] as const;

/** Devices that Intune manages, and their counterparts in the directory; ids clash between tenants, serials do not. */
export function fillDevices(tenant: Tenant, count: number, now: Temporal.Instant): void {
  for (let number = 1; number <= count; number += 1) {
    addManagedDevice(tenant, number, now);
    addDirectoryDevice(tenant, number, now);
  }
}

function addManagedDevice(tenant: Tenant, number: number, now: Temporal.Instant): void {
  const user = tenant.users.get(clashingId('user', number));
  const kind = models[number % models.length] ?? models[0];
  const id = clashingId('managedDevice', number);
  tenant.managedDevices.set(id, {
    id,
    ...kind,
    userId: user?.id ?? '',
    userDisplayName: user?.['displayName'] ?? '',
    userPrincipalName: user?.['userPrincipalName'] ?? '',
    emailAddress: user?.['mail'] ?? '',
    deviceName: deviceName(tenant, number),
    managedDeviceName: `${deviceName(tenant, number)}_managed`,
    serialNumber: `${tenant.id.slice(0, 4).toUpperCase()}${number.toString().padStart(5, '0')}`,
    azureADDeviceId: clashingId('device', number),
    azureADRegistered: true,
    managedDeviceOwnerType: number % 5 === 0 ? 'personal' : 'company',
    managementAgent: 'mdm',
    managementState: 'managed',
    deviceEnrollmentType: 'windowsAzureADJoin',
    deviceRegistrationState: 'registered',
    complianceState: number % 6 === 0 ? 'noncompliant' : 'compliant',
    isEncrypted: number % 6 !== 0,
    isSupervised: false,
    jailBroken: 'Unknown',
    enrolledDateTime: '2024-02-01T09:00:00Z',
    lastSyncDateTime: graphTime(now.subtract({ hours: number % 10 === 0 ? 24 * 45 : 3 })),
    totalStorageSpaceInBytes: 511_101_108_224,
    freeStorageSpaceInBytes: 201_101_108_224,
    physicalMemoryInBytes: 17_179_869_184,
    wiFiMacAddress: `02005E${number.toString(16).padStart(6, '0').toUpperCase()}`,
    ethernetMacAddress: null,
    imei: '',
    phoneNumber: '',
    notes: null,
  });
}

function addDirectoryDevice(tenant: Tenant, number: number, now: Temporal.Instant): void {
  const kind = models[number % models.length] ?? models[0];
  const id = clashingId('directoryDevice', number);
  tenant.devices.set(id, {
    id,
    deviceId: clashingId('device', number),
    displayName: deviceName(tenant, number),
    accountEnabled: true,
    operatingSystem: kind.operatingSystem,
    operatingSystemVersion: kind.osVersion,
    manufacturer: kind.manufacturer,
    model: kind.model,
    isManaged: true,
    isCompliant: number % 6 !== 0,
    trustType: 'AzureAd',
    profileType: 'RegisteredDevice',
    approximateLastSignInDateTime: graphTime(now.subtract({ hours: 5 })),
    registrationDateTime: '2024-02-01T09:00:00Z',
    onPremisesSyncEnabled: null,
    deletedDateTime: null,
  });
}

function deviceName(tenant: Tenant, number: number): string {
  return `${tenant.displayName.slice(0, 3).toUpperCase()}-${number.toString().padStart(4, '0')}`;
}
