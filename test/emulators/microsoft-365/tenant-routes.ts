import type { Hono } from 'hono';

import {
  authorize,
  propertiesOf,
  sendCollection,
  type Graph,
  type GraphContext,
  type GraphEnv,
} from './graph-context.ts';
import { intuneNotFound, resourceNotFound } from './graph-error.ts';
import { project, type CollectionRules } from './odata.ts';
import { rights } from './permissions.ts';
import type { GraphObject, Tenant } from './tenant.ts';

const organizationRules = directoryRules('organization', ['$select'], []);
const domainRules = directoryRules('domain', ['$select', '$top', '$filter'], ['id', 'isDefault', 'isVerified']);
const deviceRules = directoryRules(
  'device',
  ['$select', '$filter', '$top', '$orderby', '$count'],
  [
    'id',
    'deviceId',
    'displayName',
    'accountEnabled',
    'operatingSystem',
    'isCompliant',
    'isManaged',
    'trustType',
    'approximateLastSignInDateTime',
  ],
);

const managedDeviceRules: CollectionRules = {
  type: 'microsoft.graph.managedDevice',
  resource: 'managedDevice',
  options: ['$select', '$filter', '$top', '$orderby', '$count', '$skip'],
  filterable: [
    'id',
    'azureADDeviceId',
    'complianceState',
    'deviceName',
    'lastSyncDateTime',
    'managedDeviceOwnerType',
    'operatingSystem',
    'serialNumber',
    'userId',
    'userPrincipalName',
  ],
  defaultPageSize: 100,
  maxPageSize: 1000,
  isDirectory: false,
  defaultProperties: null,
};

const secureScoreRules: CollectionRules = {
  type: 'microsoft.graph.secureScore',
  resource: 'secureScore',
  options: ['$top', '$skip', '$filter', '$count', '$select', '$orderby'],
  filterable: ['id', 'azureTenantId', 'createdDateTime', 'controlCategory', 'deprecated'],
  defaultPageSize: 90,
  maxPageSize: 1000,
  isDirectory: false,
  defaultProperties: null,
};

/** What the tenant itself is: organisation, domains, devices, and its security score. */
export function addTenantRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/organization', (context) => {
    authorize(graph, context, rights.readOrganization);
    return sendCollection(graph, context, [organization(context.get('tenant'))], organizationRules);
  });
  app.get('/v1.0/organization/:id', (context) => {
    authorize(graph, context, rights.readOrganization);
    if (context.req.param('id') !== context.get('tenant').id) throw resourceNotFound(context.req.param('id'));
    return context.json(organization(context.get('tenant')));
  });
  app.get('/v1.0/domains', (context) => {
    authorize(graph, context, rights.readDomains);
    return sendCollection(graph, context, context.get('tenant').domains, domainRules);
  });
  app.get('/v1.0/devices', (context) => {
    authorize(graph, context, rights.readDevices);
    return sendCollection(graph, context, [...context.get('tenant').devices.values()], deviceRules);
  });
  app.get('/v1.0/devices/:id', (context) => {
    authorize(graph, context, rights.readDevices);
    const device = context.get('tenant').devices.get(context.req.param('id'));
    if (device === undefined) throw resourceNotFound(context.req.param('id'));
    return context.json(selected(context, device, deviceRules));
  });
  addManagedDeviceRoutes(app, graph);
  app.get('/v1.0/security/secureScores', (context) => {
    authorize(graph, context, rights.readSecurity);
    return sendCollection(graph, context, context.get('tenant').secureScores, secureScoreRules);
  });
  app.get('/v1.0/security/secureScoreControlProfiles', (context) => {
    authorize(graph, context, rights.readSecurity);
    const rules = { ...secureScoreRules, type: 'microsoft.graph.secureScoreControlProfile', defaultPageSize: 500 };
    return sendCollection(graph, context, context.get('tenant').controlProfiles, rules);
  });
}

function addManagedDeviceRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/deviceManagement/managedDevices', (context) => {
    authorize(graph, context, rights.readManagedDevices);
    return sendCollection(graph, context, [...context.get('tenant').managedDevices.values()], managedDeviceRules);
  });
  app.get('/v1.0/deviceManagement/managedDevices/:id', (context) => {
    authorize(graph, context, rights.readManagedDevices);
    return context.json(selected(context, requireManagedDevice(context), managedDeviceRules));
  });
  app.post('/v1.0/deviceManagement/managedDevices/:id/retire', (context) => {
    authorize(graph, context, rights.retireManagedDevice);
    requireManagedDevice(context)['managementState'] = 'retirePending';
    return context.body(null, 204);
  });
}

function requireManagedDevice(context: GraphContext): GraphObject {
  const device = context.get('tenant').managedDevices.get(context.req.param('id') ?? '');
  if (device === undefined) throw intuneNotFound();
  return device;
}

function selected(context: GraphContext, object: GraphObject, rules: CollectionRules): GraphObject {
  const select = context.req.query('$select');
  return project(object, select?.split(',') ?? null, rules, propertiesOf([object]));
}

function directoryRules(name: string, options: readonly string[], filterable: readonly string[]): CollectionRules {
  return {
    type: `microsoft.graph.${name}`,
    resource: name,
    options,
    filterable,
    defaultPageSize: 100,
    maxPageSize: 999,
    isDirectory: true,
    defaultProperties: null,
  };
}

function organization(tenant: Tenant): GraphObject {
  return {
    id: tenant.id,
    displayName: tenant.displayName,
    tenantType: 'AAD',
    countryLetterCode: 'GB',
    defaultUsageLocation: 'GB',
    businessPhones: [],
    technicalNotificationMails: [`it@${tenant.defaultDomain}`],
    createdDateTime: '2019-05-02T10:00:00Z',
    deletedDateTime: null,
    onPremisesSyncEnabled: null,
    onPremisesLastSyncDateTime: null,
    assignedPlans: [],
    provisionedPlans: [],
    verifiedDomains: tenant.domains.map((domain) => ({
      name: domain.id,
      type: 'Managed',
      capabilities: 'Email, OfficeCommunicationsOnline',
      isDefault: domain['isDefault'] ?? false,
      isInitial: domain['isInitial'] ?? false,
    })),
  };
}
