import { emptyUser } from './default-people.ts';
import type { CollectionRules } from './odata.ts';

/** What a user is without $select: "Properties" of the user resource type. */
export const defaultUserProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
] as const;

/** All that $select may name here. */
export const userProperties: ReadonlySet<string> = new Set([
  'id',
  'displayName',
  'userPrincipalName',
  'createdDateTime',
  'signInActivity',
  'signInSessionsValidFromDateTime',
  'licenseAssignmentStates',
  ...Object.keys(emptyUser()),
]);

export const userRules: CollectionRules = {
  type: 'microsoft.graph.user',
  resource: 'User',
  options: ['$select', '$filter', '$top', '$orderby', '$count'],
  filterable: [
    'id',
    'accountEnabled',
    'assignedLicenses',
    'createdDateTime',
    'department',
    'displayName',
    'employeeId',
    'givenName',
    'jobTitle',
    'mail',
    'mailNickname',
    'onPremisesSyncEnabled',
    'surname',
    'usageLocation',
    'userPrincipalName',
    'userType',
  ],
  defaultPageSize: 100,
  maxPageSize: 999,
  isDirectory: true,
  defaultProperties: defaultUserProperties,
  onlyOnSingle: [
    'aboutMe',
    'birthday',
    'hireDate',
    'interests',
    'mailboxSettings',
    'mySite',
    'pastProjects',
    'preferredName',
    'responsibilities',
    'schools',
    'skills',
  ],
};

/** What PATCH /users/{id} takes; the rest is read-only or not played. */
export const changeableUserProperties: ReadonlySet<string> = new Set([
  'accountEnabled',
  'businessPhones',
  'companyName',
  'department',
  'displayName',
  'employeeId',
  'givenName',
  'jobTitle',
  'mobilePhone',
  'officeLocation',
  'otherMails',
  'preferredLanguage',
  'surname',
  'usageLocation',
  'userPrincipalName',
  'userType',
]);
