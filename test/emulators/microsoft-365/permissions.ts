/**
 * Who may do what. Any one of the permissions suffices; the lists are those of the "Permissions" table of each page of
 * the reference. The roles are what a delegated administrator needs in the customer's tenant besides.
 */
export interface Right {
  readonly permissions: readonly string[];
  readonly roles: readonly string[];
  /** The service behind Graph that refuses; each has its own error code and sentence. */
  readonly service: 'directory' | 'intune' | 'exchange' | 'security' | 'partner' | 'authentication';
}

/** Role template ids, from "Microsoft Entra built-in roles". */
export const roleIds = {
  globalReader: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
  directoryReaders: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
  userAdministrator: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
  licenseAdministrator: '4d6ac14f-3453-41d0-bef9-a3e0c569773a',
  groupsAdministrator: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
  intuneAdministrator: '3a2c62db-5318-420d-8d74-23affee5d9d5',
  exchangeAdministrator: '29232cdf-9323-42fd-ade2-1d097af3e4de',
  securityReader: '5d6b6bb7-de71-4623-b4af-96380a352509',
  authenticationAdministrator: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
} as const;

const directoryRead = ['Directory.Read.All', 'Directory.ReadWrite.All'];
const directoryReaders = [
  roleIds.globalReader,
  roleIds.directoryReaders,
  roleIds.userAdministrator,
  roleIds.licenseAdministrator,
  roleIds.groupsAdministrator,
  roleIds.intuneAdministrator,
  roleIds.exchangeAdministrator,
];
const intuneRead = ['DeviceManagementManagedDevices.Read.All', 'DeviceManagementManagedDevices.ReadWrite.All'];

export const rights = {
  readOrganization: directory(['Organization.Read.All', 'Organization.ReadWrite.All', ...directoryRead]),
  readDomains: directory(['Domain.Read.All', 'Domain.ReadWrite.All', ...directoryRead]),
  readUsers: directory(['User.Read.All', 'User.ReadWrite.All', ...directoryRead]),
  updateUser: directory(['User.ReadWrite.All', 'Directory.ReadWrite.All'], [roleIds.userAdministrator]),
  enableAccount: directory(
    ['User.EnableDisableAccount.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    [roleIds.userAdministrator],
  ),
  revokeSessions: directory(
    ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    [roleIds.userAdministrator, roleIds.authenticationAdministrator],
  ),
  readLicenceDetails: directory([
    'LicenseAssignment.Read.All',
    'User.Read.All',
    'User.ReadWrite.All',
    ...directoryRead,
  ]),
  readProducts: directory([
    'LicenseAssignment.Read.All',
    'Organization.Read.All',
    'Organization.ReadWrite.All',
    ...directoryRead,
  ]),
  assignLicence: directory(
    ['LicenseAssignment.ReadWrite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    [roleIds.userAdministrator, roleIds.licenseAdministrator],
  ),
  readSignIns: directory(['AuditLog.Read.All'], [roleIds.globalReader, roleIds.securityReader]),
  readGroups: directory(['GroupMember.Read.All', 'Group.Read.All', 'Group.ReadWrite.All', ...directoryRead]),
  changeMembers: directory(
    ['GroupMember.ReadWrite.All', 'Group.ReadWrite.All', 'Directory.ReadWrite.All'],
    [roleIds.groupsAdministrator, roleIds.userAdministrator],
  ),
  readDevices: directory(['Device.Read.All', 'Device.ReadWrite.All', ...directoryRead]),
  readManagedDevices: {
    permissions: intuneRead,
    roles: [roleIds.intuneAdministrator, roleIds.globalReader],
    service: 'intune',
  },
  retireManagedDevice: {
    permissions: ['DeviceManagementManagedDevices.PrivilegedOperations.All'],
    roles: [roleIds.intuneAdministrator],
    service: 'intune',
  },
  readSecurity: {
    permissions: ['SecurityEvents.Read.All', 'SecurityEvents.ReadWrite.All'],
    roles: [roleIds.securityReader, roleIds.globalReader],
    service: 'security',
  },
  readMailboxSettings: {
    permissions: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    roles: [roleIds.exchangeAdministrator],
    service: 'exchange',
  },
  changeMailboxSettings: {
    permissions: ['MailboxSettings.ReadWrite'],
    roles: [roleIds.exchangeAdministrator],
    service: 'exchange',
  },
  readAuthenticationMethods: {
    permissions: ['UserAuthenticationMethod.Read.All', 'UserAuthenticationMethod.ReadWrite.All'],
    roles: [roleIds.authenticationAdministrator, roleIds.globalReader],
    service: 'authentication',
  },
  changeAuthenticationMethods: {
    permissions: ['UserAuthenticationMethod.ReadWrite.All'],
    roles: [roleIds.authenticationAdministrator],
    service: 'authentication',
  },
  findTenants: { permissions: ['CrossTenantInformation.ReadBasic.All'], roles: [], service: 'directory' },
  readRelationships: {
    permissions: ['DelegatedAdminRelationship.Read.All', 'DelegatedAdminRelationship.ReadWrite.All'],
    roles: [],
    service: 'partner',
  },
} as const satisfies Record<string, Right>;

function directory(permissions: readonly string[], roles: readonly string[] = directoryReaders): Right {
  return { permissions, roles, service: 'directory' };
}
