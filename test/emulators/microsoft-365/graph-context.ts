import type { Context } from 'hono';

import { GraphError, resourceNotFound } from './graph-error.ts';
import { arrange, type PageTokens, project, readQuery, type CollectionRules } from './odata.ts';
import type { Right } from './permissions.ts';
import type { GraphObject, Tenant } from './tenant.ts';
import type { Caller, Tokens } from './tokens.ts';
import type { World } from './world.ts';

/** What the routes of Graph share. */
export interface Graph {
  readonly world: World;
  readonly tokens: Tokens;
  readonly pages: PageTokens;
  /** Without a slash at its end. */
  readonly baseUrl: () => string;
}

export interface GraphEnv {
  Variables: { caller: Caller; tenant: Tenant; requestId: string };
}

export type GraphContext = Context<GraphEnv>;

/** Refuses a caller whose token, or whose role in a customer's tenant, does not allow it. */
export function authorize(graph: Graph, context: GraphContext, right: Right): void {
  const caller = context.get('caller');
  if (!caller.permissions.some((permission) => right.permissions.includes(permission))) throw refusal(right);
  const isOutsider = caller.account !== null && caller.account.tenantId !== caller.tenantId;
  if (!isOutsider) return;
  const roles = graph.world.delegatedRoles(caller.tenantId);
  if (!roles.some((role) => right.roles.includes(role))) throw refusal(right);
}

/** Each service behind Graph refuses in its own words. */
function refusal(right: Right): GraphError {
  const scopes = right.permissions.join(', ');
  switch (right.service) {
    case 'intune':
      return new GraphError(
        403,
        'Forbidden',
        `Application is not authorized to perform this operation. Application must have one of the following scopes: ${scopes}`,
      );
    case 'exchange':
      return new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
    case 'security':
      return new GraphError(
        403,
        'Forbidden',
        `Auth token does not contain valid permissions or user does not have valid roles. Needed: ${scopes}`,
      );
    case 'authentication':
      return new GraphError(403, 'accessDenied', 'Request Authorization failed');
    case 'directory':
    case 'partner':
      return new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
  }
}

/** A page of the collection, as the query and the rules say. */
export function sendCollection(
  graph: Graph,
  context: GraphContext,
  objects: readonly GraphObject[],
  rules: CollectionRules,
  known: ReadonlySet<string> = propertiesOf(objects),
): Response {
  const url = new URL(context.req.url);
  const query = readQuery(url, rules, context.req.header('ConsistencyLevel'));
  const owner = `${context.get('tenant').id} ${url.pathname}`;
  const matching =
    query.skipToken === undefined
      ? arrange(objects, query, rules).slice(query.skip)
      : graph.pages.restOf(owner, query.skipToken);
  const page = matching.slice(0, query.top);
  const rest = matching.slice(query.top);
  return context.json({
    '@odata.context': `${graph.baseUrl()}/v1.0/$metadata#${url.pathname.replace('/v1.0/', '')}`,
    ...(query.isCounted && query.skipToken === undefined && { '@odata.count': matching.length }),
    ...(rest.length > 0 && { '@odata.nextLink': nextLink(graph, url, graph.pages.keep(owner, rest)) }),
    value: page.map((object) => project(object, query.select, rules, known)),
  });
}

/** The request's own address, on Graph's public base, with the token of the next page. */
function nextLink(graph: Graph, url: URL, token: string): string {
  const link = new URL(url.pathname + url.search, graph.baseUrl());
  link.searchParams.delete('$skip');
  link.searchParams.set('$skiptoken', token);
  return link.href.replaceAll('%24', '$');
}

export function propertiesOf(objects: readonly GraphObject[]): ReadonlySet<string> {
  return new Set(objects.flatMap((object) => Object.keys(object)));
}

/** The user whom the path names, by id or user principal name. */
export function requireUser(context: GraphContext): GraphObject {
  const name = context.req.param('userId') ?? '';
  const user = context.get('tenant').findUser(name);
  if (user === undefined) throw resourceNotFound(name);
  return user;
}

/** The body as an object; anything else is refused. */
export async function readBody(context: GraphContext): Promise<{ [key: string]: unknown }> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch {
    throw new GraphError(
      400,
      'BadRequest',
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new GraphError(
      400,
      'BadRequest',
      'Write requests (excluding DELETE) must contain the Content-Type header declaration.',
    );
  }
  return body as { [key: string]: unknown };
}

/** Whether the string has the form of a GUID, as every directory id has. */
export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(value);
}
