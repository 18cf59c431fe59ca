import type { Hono } from 'hono';

import { graphTime } from './clock.ts';
import { authorize, sendCollection, type Graph, type GraphContext, type GraphEnv } from './graph-context.ts';
import { badRequest, resourceNotFound } from './graph-error.ts';
import type { CollectionRules } from './odata.ts';
import { rights } from './permissions.ts';
import type { GraphObject } from './tenant.ts';
import type { Relationship, World } from './world.ts';

const options = ['$select', '$filter', '$top', '$orderby', '$count'];

/** "$top supports up to 300 objects." */
const relationshipRules: CollectionRules = {
  type: 'microsoft.graph.delegatedAdminRelationship',
  resource: 'delegatedAdminRelationship',
  options,
  filterable: ['id', 'displayName', 'status'],
  defaultPageSize: 100,
  maxPageSize: 300,
  isDirectory: false,
  defaultProperties: null,
};

const customerRules: CollectionRules = {
  ...relationshipRules,
  type: 'microsoft.graph.delegatedAdminCustomer',
  resource: 'delegatedAdminCustomer',
  filterable: ['id', 'displayName', 'tenantId'],
};

const findTenant = /^findTenantInformationByTenantId\(tenantId='([^']*)'\)$/u;

/** The partner's customers and relationships; in a customer's tenant both lists are empty. Any tenant may be found by its id. */
export function addPartnerRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/tenantRelationships/delegatedAdminRelationships', (context) => {
    authorize(graph, context, rights.readRelationships);
    return sendCollection(graph, context, relationshipsSeenBy(graph.world, context), relationshipRules);
  });
  app.get('/v1.0/tenantRelationships/delegatedAdminRelationships/:id', (context) => {
    authorize(graph, context, rights.readRelationships);
    const id = context.req.param('id');
    const found = relationshipsSeenBy(graph.world, context).find((relationship) => relationship.id === id);
    if (found === undefined) throw resourceNotFound(id);
    return context.json(found);
  });
  app.get('/v1.0/tenantRelationships/delegatedAdminCustomers', (context) => {
    authorize(graph, context, rights.readRelationships);
    return sendCollection(graph, context, customersSeenBy(graph.world, context), customerRules);
  });
  app.get('/v1.0/tenantRelationships/:call', (context) => {
    const [, tenantId] = findTenant.exec(decodeURIComponent(context.req.param('call'))) ?? [];
    if (tenantId === undefined) throw badRequest(`Resource not found for the segment '${context.req.param('call')}'.`);
    authorize(graph, context, rights.findTenants);
    const tenant = graph.world.findTenant(tenantId);
    if (tenant === undefined) throw resourceNotFound(tenantId);
    const { id, displayName, defaultDomain } = tenant;
    const type = '#microsoft.graph.tenantInformation';
    return context.json({
      '@odata.type': type,
      tenantId: id,
      displayName,
      defaultDomainName: defaultDomain,
      federationBrandName: null,
    });
  });
}

function relationshipsSeenBy(world: World, context: GraphContext): GraphObject[] {
  if (context.get('tenant') !== world.partner) return [];
  return world.relationships.map((relationship) => present(world, relationship));
}

function customersSeenBy(world: World, context: GraphContext): GraphObject[] {
  if (context.get('tenant') !== world.partner) return [];
  const names = new Map(world.relationships.map((one) => [one.customerTenantId, one.customerDisplayName]));
  return [...names].map(([tenantId, displayName]) => ({
    '@odata.type': '#microsoft.graph.delegatedAdminCustomer',
    '@odata.etag': etag(`${tenantId}${displayName}`),
    id: tenantId,
    tenantId,
    displayName,
  }));
}

function present(world: World, relationship: Relationship): GraphObject {
  const status = world.statusOf(relationship);
  const activatedAt = graphTime(relationship.activatedAt);
  return {
    '@odata.type': '#microsoft.graph.delegatedAdminRelationship',
    '@odata.etag': etag(`${relationship.id}${status}${relationship.endsAt.toString()}`),
    id: relationship.id,
    displayName: relationship.displayName,
    duration: relationship.duration,
    customer: { tenantId: relationship.customerTenantId, displayName: relationship.customerDisplayName },
    accessDetails: { unifiedRoles: relationship.roleDefinitionIds.map((roleDefinitionId) => ({ roleDefinitionId })) },
    status,
    autoExtendDuration: 'PT0S',
    createdDateTime: activatedAt,
    lastModifiedDateTime: activatedAt,
    activatedDateTime: activatedAt,
    endDateTime: graphTime(relationship.endsAt),
  };
}

function etag(text: string): string {
  return `W/"${Buffer.from(text).toString('base64url').slice(0, 56)}"`;
}
