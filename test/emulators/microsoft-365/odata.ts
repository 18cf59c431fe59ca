import { randomBytes } from 'node:crypto';

import { GraphError, invalidQuery, unsupportedQuery } from './graph-error.ts';
import { compileFilter } from './odata-filter.ts';
import type { GraphObject } from './tenant.ts';

/** How one collection may be queried; an option that is not named is refused. */
export interface CollectionRules {
  /** As in `microsoft.graph.user`. */
  readonly type: string;
  /** As the error messages name it. */
  readonly resource: string;
  readonly options: readonly string[];
  readonly filterable: readonly string[];
  readonly defaultPageSize: number;
  readonly maxPageSize: number;
  /** Of directory objects: ne, not and endswith only with ConsistencyLevel and $count; elsewhere always. */
  readonly isDirectory: boolean;
  /** What is sent without $select; null is all. */
  readonly defaultProperties: readonly string[] | null;
  /** Properties that only the single object has; selecting one of them on the list is "not implemented". */
  readonly onlyOnSingle?: readonly string[];
}

export interface Query {
  readonly select: readonly string[] | null;
  readonly top: number;
  readonly skip: number;
  readonly skipToken: string | undefined;
  readonly filter: string | undefined;
  readonly orderBy: string | undefined;
  readonly isCounted: boolean;
  readonly allowsAdvanced: boolean;
}

const systemOptions = [
  '$select',
  '$filter',
  '$top',
  '$skip',
  '$skiptoken',
  '$orderby',
  '$count',
  '$expand',
  '$search',
  '$deltatoken',
];

/** Reads the system options, and refuses what the collection does not take. */
export function readQuery(url: URL, rules: CollectionRules, consistencyLevel: string | undefined): Query {
  const options = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    if (!name.startsWith('$')) continue;
    const known = name.toLowerCase();
    if (!systemOptions.includes(known) || !(known === '$skiptoken' || rules.options.includes(known))) {
      throw invalidQuery(
        `The query specified in the URI is not valid. The query parameter '${name}' is not supported.`,
      );
    }
    options.set(known, value);
  }
  const isCounted = options.get('$count') === 'true';
  return {
    select: readSelect(options.get('$select'), rules),
    top: pageSize(options.get('$top'), rules),
    skip: wholeNumber('$skip', options.get('$skip')) ?? 0,
    skipToken: options.get('$skiptoken'),
    filter: options.get('$filter'),
    orderBy: options.get('$orderby'),
    isCounted,
    allowsAdvanced: !rules.isDirectory || (isCounted && consistencyLevel?.toLowerCase() === 'eventual'),
  };
}

function readSelect(value: string | undefined, rules: CollectionRules): readonly string[] | null {
  if (value === undefined || value === '') return null;
  const names = value.split(',').map((name) => name.trim());
  const unsupported = names.find((name) => rules.onlyOnSingle?.includes(name));
  if (unsupported !== undefined) {
    throw new GraphError(501, 'NotImplemented', 'This operation target is not yet supported.');
  }
  return names;
}

function pageSize(value: string | undefined, rules: CollectionRules): number {
  const size = wholeNumber('$top', value);
  if (size === undefined) return rules.defaultPageSize;
  if (size < 1 || size > rules.maxPageSize) {
    throw unsupportedQuery(
      `Invalid page size specified: '${size}'. Must be between 1 and ${rules.maxPageSize} inclusive.`,
    );
  }
  return size;
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) {
    throw invalidQuery(`Invalid value '${value}' for ${name} query option found. It must be a non-negative integer.`);
  }
  return Number(value);
}

/** Only the properties that were asked for; `id` always. A property that the type does not have is refused. */
export function project(
  object: GraphObject,
  select: readonly string[] | null,
  rules: Pick<CollectionRules, 'type' | 'defaultProperties'>,
  known: ReadonlySet<string>,
): GraphObject {
  const names = select ?? rules.defaultProperties;
  if (names === null) return object;
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw invalidQuery(
      `Parsing OData Select and Expand failed: Could not find a property named '${unknown}' on type '${rules.type}'.`,
    );
  }
  const projected: GraphObject = { id: object.id };
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) projected[name] = value;
  }
  return projected;
}

/** Filters and orders as the query says. */
export function arrange(objects: readonly GraphObject[], query: Query, rules: CollectionRules): readonly GraphObject[] {
  const matching = query.filter === undefined ? objects : filtered(objects, query.filter, query, rules);
  if (query.orderBy === undefined) return matching;
  if (rules.isDirectory && query.filter !== undefined && !query.allowsAdvanced) {
    throw unsupportedQuery('Sorting not supported for current query.');
  }
  const [property = '', direction = 'asc'] = query.orderBy.trim().split(/\s+/);
  const sign = direction === 'desc' ? -1 : 1;
  return matching.toSorted(
    (left, right) => sign * String(left[property] ?? '').localeCompare(String(right[property] ?? '')),
  );
}

function filtered(objects: readonly GraphObject[], filter: string, query: Query, rules: CollectionRules) {
  const { resource, filterable: properties } = rules;
  const test = compileFilter(filter, { resource, properties, allowsAdvanced: query.allowsAdvanced });
  return objects.filter(test);
}

interface PageState {
  readonly owner: string;
  readonly rest: readonly GraphObject[];
}

/** What the opaque $skiptoken of a next link stands for. */
export class PageTokens {
  private readonly states = new Map<string, PageState>();

  keep(owner: string, rest: readonly GraphObject[]): string {
    const token = randomBytes(30).toString('base64url');
    this.states.set(token, { owner, rest });
    return token;
  }

  /** The rest of the list; a token of another tenant or list is malformed. */
  restOf(owner: string, token: string): readonly GraphObject[] {
    const state = this.states.get(token);
    if (state === undefined || state.owner !== owner) {
      throw new GraphError(400, 'Request_BadRequest', 'Skip token is malformed.');
    }
    return state.rest;
  }
}
