import type { Hono } from 'hono';

import { graphTime } from './clock.ts';
import {
  authorize,
  propertiesOf,
  readBody,
  requireUser,
  sendCollection,
  type Graph,
  type GraphContext,
  type GraphEnv,
} from './graph-context.ts';
import { badRequest, GraphError } from './graph-error.ts';
import { groupRules } from './group-routes.ts';
import { project } from './odata.ts';
import { rights } from './permissions.ts';
import type { GraphObject, Json, Tenant } from './tenant.ts';
import { changeableUserProperties, userProperties, userRules } from './user-properties.ts';

/** Users: list, read, change, sign out, and the groups they are in. */
export function addUserRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/users', (context) => {
    authorize(graph, context, rights.readUsers);
    requireSignInRight(graph, context);
    const users = [...context.get('tenant').users.values()].map((user) => withSignIns(graph, user));
    return sendCollection(graph, context, users, userRules, userProperties);
  });
  app.get('/v1.0/directory/deletedItems/microsoft.graph.user', (context) => {
    authorize(graph, context, rights.readUsers);
    const deleted = [...context.get('tenant').deletedUsers.values()];
    return sendCollection(graph, context, deleted, userRules, userProperties);
  });
  app.get('/v1.0/users/:userId', (context) => {
    authorize(graph, context, rights.readUsers);
    requireSignInRight(graph, context);
    const select = context.req.query('$select')?.split(',') ?? null;
    const user = withSignIns(graph, requireUser(context));
    return context.json({
      '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#users/$entity`,
      ...project(user, select, userRules, userProperties),
    });
  });
  app.patch('/v1.0/users/:userId', (context) => updateUser(graph, context));
  app.post('/v1.0/users/:userId/revokeSignInSessions', (context) => {
    authorize(graph, context, rights.revokeSessions);
    const user = requireUser(context);
    const tenant = context.get('tenant');
    graph.tokens.revokeGrants({ tenantId: tenant.id, userId: user.id });
    tenant.changeUser(user.id, { signInSessionsValidFromDateTime: graphTime(graph.world.clock.now()) });
    return context.json({ '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#Edm.Boolean`, value: true });
  });
  app.get('/v1.0/users/:userId/memberOf', (context) => {
    authorize(graph, context, rights.readGroups);
    const user = requireUser(context);
    const groups = [...context.get('tenant').groups.values()].filter((group) => group.memberIds.has(user.id));
    const objects = groups.map(({ object }) => ({ '@odata.type': '#microsoft.graph.group', ...object }));
    return sendCollection(graph, context, objects, groupRules, propertiesOf(objects));
  });
}

async function updateUser(graph: Graph, context: GraphContext): Promise<Response> {
  const changes = await readBody(context);
  const names = Object.keys(changes);
  const isOnlyEnabling = names.every((name) => name === 'accountEnabled');
  authorize(graph, context, isOnlyEnabling ? rights.enableAccount : rights.updateUser);
  const user = requireUser(context);
  const tenant = context.get('tenant');
  protectAdministrators(context, tenant, user);
  for (const name of names) {
    if (!userProperties.has(name)) {
      throw badRequest(`Property '${name}' does not exist as a declared property or extension property.`);
    }
    if (!changeableUserProperties.has(name)) {
      throw badRequest(`Property '${name}' is read-only and cannot be set.`);
    }
  }
  requireTypes(changes);
  if (user['onPremisesSyncEnabled'] === true && !isOnlyEnabling) {
    throw badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
  tenant.changeUser(user.id, changes as { [property: string]: Json });
  return context.body(null, 204);
}

function requireTypes(changes: { readonly [key: string]: unknown }): void {
  if ('accountEnabled' in changes && typeof changes['accountEnabled'] !== 'boolean') {
    throw new GraphError(
      400,
      'Request_BadRequest',
      `A value was encountered that has a type name that is incompatible with the metadata. The value specified its type as 'Edm.String', but the type specified in the metadata is 'Edm.Boolean'.`,
    );
  }
  const place = changes['usageLocation'];
  if (typeof place === 'string' && !/^[A-Z]{2}$/.test(place)) {
    throw badRequest("Invalid value specified for property 'usageLocation' of resource 'User'.");
  }
}

/** "Who can perform sensitive actions": an application or a lesser administrator may not touch a privileged one. */
function protectAdministrators(context: GraphContext, tenant: Tenant, user: GraphObject): void {
  if (!tenant.privilegedUserIds.has(user.id)) return;
  const account = context.get('caller').account;
  const isPrivileged = account?.tenantId === tenant.id && tenant.privilegedUserIds.has(account.userId);
  if (isPrivileged) return;
  throw new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function requireSignInRight(graph: Graph, context: GraphContext): void {
  if (!(context.req.query('$select') ?? '').split(',').includes('signInActivity')) return;
  authorize(graph, context, rights.readSignIns);
  if (context.get('tenant').hasPremiumLicence) return;
  throw new GraphError(
    403,
    'Authentication_RequestFromNonPremiumTenantOrB2CTenant',
    "Neither tenant is B2C or tenant doesn't have premium license",
  );
}

function withSignIns(graph: Graph, user: GraphObject): GraphObject {
  const at = graphTime(graph.world.clock.now().subtract({ hours: 20 }));
  const licences = Array.isArray(user['assignedLicenses']) ? user['assignedLicenses'] : [];
  return {
    ...user,
    signInActivity: { lastSignInDateTime: at, lastNonInteractiveSignInDateTime: at, lastSuccessfulSignInDateTime: at },
    licenseAssignmentStates: licences.map((licence) => ({
      skuId: (licence as { [key: string]: Json })['skuId'] ?? null,
      disabledPlans: [],
      assignedByGroup: null,
      state: 'Active',
      error: 'None',
    })),
  };
}
