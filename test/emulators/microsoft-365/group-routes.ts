import type { Hono } from 'hono';

import {
  authorize,
  propertiesOf,
  sendCollection,
  type Graph,
  type GraphContext,
  type GraphEnv,
} from './graph-context.ts';
import { badRequest, resourceNotFound } from './graph-error.ts';
import type { CollectionRules } from './odata.ts';
import { rights } from './permissions.ts';
import type { Group } from './tenant.ts';
import { defaultUserProperties } from './user-properties.ts';

export const groupRules: CollectionRules = {
  type: 'microsoft.graph.group',
  resource: 'Group',
  options: ['$select', '$filter', '$top', '$orderby', '$count'],
  filterable: ['id', 'displayName', 'groupTypes', 'mail', 'mailEnabled', 'securityEnabled', 'createdDateTime'],
  defaultPageSize: 100,
  maxPageSize: 999,
  isDirectory: true,
  defaultProperties: null,
};

const memberRules: CollectionRules = {
  ...groupRules,
  type: 'microsoft.graph.directoryObject',
  resource: 'DirectoryObject',
  filterable: ['id', 'displayName'],
};

/** Groups, their members, and taking a member out. */
export function addGroupRoutes(app: Hono<GraphEnv>, graph: Graph): void {
  app.get('/v1.0/groups', (context) => {
    authorize(graph, context, rights.readGroups);
    const groups = [...context.get('tenant').groups.values()].map((group) => group.object);
    return sendCollection(graph, context, groups, groupRules);
  });
  app.get('/v1.0/groups/:groupId', (context) => {
    authorize(graph, context, rights.readGroups);
    return context.json(requireGroup(context).object);
  });
  app.get('/v1.0/groups/:groupId/members', (context) => {
    authorize(graph, context, rights.readGroups);
    const users = context.get('tenant').users;
    const members = [...requireGroup(context).memberIds].flatMap((id) => {
      const user = users.get(id);
      if (user === undefined) return [];
      const shown = defaultUserProperties.map((name) => [name, user[name] ?? null] as const);
      return [{ '@odata.type': '#microsoft.graph.user', id, ...Object.fromEntries(shown) }];
    });
    return sendCollection(graph, context, members, memberRules, propertiesOf(members));
  });
  app.delete('/v1.0/groups/:groupId/members/:memberId/$ref', (context) => {
    authorize(graph, context, rights.changeMembers);
    const group = requireGroup(context);
    refuseFixedMembership(group);
    const memberId = context.req.param('memberId');
    if (!group.memberIds.delete(memberId)) throw resourceNotFound(memberId);
    return context.body(null, 204);
  });
}

function requireGroup(context: GraphContext): Group {
  const id = context.req.param('groupId') ?? '';
  const group = context.get('tenant').groups.get(id);
  if (group === undefined) throw resourceNotFound(id);
  return group;
}

/** A rule decides the members of a dynamic group; Exchange those of a distribution list. */
function refuseFixedMembership(group: Group): void {
  const types = group.object['groupTypes'] as string[];
  if (types.includes('DynamicMembership')) {
    throw badRequest(
      'Insufficient privileges to complete the operation: the membership of a dynamic group cannot be changed.',
    );
  }
  if (group.object['mailEnabled'] === true && !types.includes('Unified')) {
    throw badRequest('Cannot Update a mail-enabled security groups and or distribution list.');
  }
}
