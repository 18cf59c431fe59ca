import type { Hono } from 'hono';

import {
  authorize,
  isGuid,
  readBody,
  requireUser,
  sendCollection,
  type Graph,
  type GraphContext,
  type GraphEnv,
} from './graph-context.ts';
import { badRequest } from './graph-error.ts';
import { project, type CollectionRules } from './odata.ts';
import { rights } from './permissions.ts';
import { licencesOf, type GraphObject, type Json, type Product, type Tenant } from './tenant.ts';
import { userProperties, userRules } from './user-properties.ts';

/** "Query filter expressions are not supported"; nor is paging. */
const productRules: CollectionRules = {
  type: 'microsoft.graph.subscribedSku',
  resource: 'SubscribedSku',
  options: ['$select'],
  filterable: [],
  defaultPageSize: 1000,
  maxPageSize: 1000,
  isDirectory: true,
  defaultProperties: null,
};

const detailRules: CollectionRules = {
  ...productRules,
  type: 'microsoft.graph.licenseDetails',
  resource: 'LicenseDetails',
};

/** Products that were bought, who holds them, and giving and taking them. */
export function addLicenceRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/subscribedSkus', (context) => {
    authorize(graph, context, rights.readProducts);
    const tenant = context.get('tenant');
    return sendCollection(
      graph,
      context,
      tenant.products.map((product) => subscribedSku(tenant, product)),
      productRules,
    );
  });
  app.get('/v1.0/users/:userId/licenseDetails', (context) => {
    authorize(graph, context, rights.readLicenceDetails);
    const held = licencesOf(requireUser(context));
    const tenant = context.get('tenant');
    const details = tenant.products
      .filter((product) => held.includes(product.skuId))
      .map(({ skuId, skuPartNumber, servicePlans }) => ({
        id: Buffer.from(`${tenant.id}${skuId}`).toString('base64url'),
        skuId,
        skuPartNumber,
        servicePlans: servicePlans.map(planInfo),
      }));
    return sendCollection(graph, context, details, detailRules);
  });
  app.post('/v1.0/users/:userId/assignLicense', (context) => assignLicence(graph, context));
}

async function assignLicence(graph: Graph, context: GraphContext): Promise<Response> {
  authorize(graph, context, rights.assignLicence);
  const user = requireUser(context);
  const tenant = context.get('tenant');
  const { add, remove } = readAssignment(await readBody(context));
  const held = licencesOf(user);
  for (const skuId of remove) {
    if (!held.includes(skuId)) throw badRequest('User does not have a corresponding license.');
  }
  for (const skuId of add) requireAvailable(tenant, user, skuId);
  const assignedLicenses: Json[] = [...new Set([...held, ...add])]
    .filter((skuId) => !remove.includes(skuId))
    .map((skuId) => ({ disabledPlans: [], skuId }));
  tenant.changeUser(user.id, { assignedLicenses });
  return context.json({
    '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users/$entity`,
    ...project(
      user,
      ['displayName', 'userPrincipalName', 'accountEnabled', 'assignedLicenses', 'usageLocation'],
      userRules,
      userProperties,
    ),
  });
}

/** Both lists are required parameters of the action, even when empty. */
function readAssignment(body: { readonly [key: string]: unknown }): { add: string[]; remove: string[] } {
  const missing = ['addLicenses', 'removeLicenses'].filter((name) => !(name in body));
  if (missing.length > 0) {
    throw badRequest(
      `One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: ${missing.join(', ')}.`,
    );
  }
  const { addLicenses, removeLicenses } = body;
  if (!Array.isArray(addLicenses) || !Array.isArray(removeLicenses)) throw badRequest('Invalid value specified.');
  const add = addLicenses.map((licence: unknown) => (licence as { skuId?: unknown } | null)?.skuId);
  if (![...add, ...removeLicenses].every(isGuid)) {
    throw badRequest("Cannot convert a primitive value to the expected type 'Edm.Guid'.");
  }
  return { add: add as string[], remove: removeLicenses as string[] };
}

function requireAvailable(tenant: Tenant, user: GraphObject, skuId: string): void {
  const product = tenant.products.find((candidate) => candidate.skuId === skuId);
  if (product === undefined) throw badRequest(`License ${skuId} does not correspond to a valid company License.`);
  if (user['usageLocation'] === null) {
    throw badRequest('License assignment cannot be done for user with invalid usage location.');
  }
  if (licencesOf(user).includes(skuId)) return;
  if (tenant.consumedUnits(skuId) >= product.enabledUnits + product.warningUnits) {
    throw badRequest(`Subscription with SKU ${skuId} does not have any available licenses.`);
  }
}

function subscribedSku(tenant: Tenant, product: Product): GraphObject {
  return {
    id: `${tenant.id}_${product.skuId}`,
    accountId: tenant.id,
    accountName: tenant.defaultDomain,
    appliesTo: 'User',
    capabilityStatus: product.enabledUnits > 0 ? 'Enabled' : 'Suspended',
    consumedUnits: tenant.consumedUnits(product.skuId),
    prepaidUnits: {
      enabled: product.enabledUnits,
      warning: product.warningUnits,
      suspended: product.suspendedUnits,
      lockedOut: 0,
    },
    servicePlans: product.servicePlans.map(planInfo),
    skuId: product.skuId,
    skuPartNumber: product.skuPartNumber,
    subscriptionIds: [],
  };
}

function planInfo(plan: Product['servicePlans'][number]): { [key: string]: Json } {
  return { ...plan, provisioningStatus: 'Success', appliesTo: 'User' };
}
