import {
  AuthFailed,
  PluginError,
  type AuthScheme,
  type Context,
  type DiscoveredScope,
  type Json,
  type Placement,
  type Plugin,
  type PluginErrorName,
} from '@bailiwick/sdk';
import { normaliseBatch, type NormalRecord, type RefusedRecord } from '@bailiwick/plugin-runtime';

/** One connection of a plugin to a real server, without the platform around it: requests go out as the connection type says. */
export interface PluginSession {
  readonly state: ReadonlyMap<string, Json>;
  readonly issues: readonly string[];
  /** What a contribution's functions take; each knows its own configuration, so no type fits all. */
  context(scope?: string): never;
  discover(): Promise<DiscoveredScope[]>;
  /** One pass; the cursor is kept for the next. */
  read(stream: string): Promise<{ records: NormalRecord[]; deletes: number; refused: readonly RefusedRecord[] }>;
}

/** What the operator would enter. */
export interface PluginSessionInput {
  readonly config: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Opens one; the first connection type is meant. */
export function openPluginSession(plugin: Plugin, input: PluginSessionInput): PluginSession {
  const [connection] = plugin.connections;
  if (connection === undefined) throw new Error('The plugin has no connection type.');
  const state = new Map<string, Json>();
  const issues: string[] = [];
  const cursors = new Map<string, Json>();
  const scopes = new Set<string>();
  const fill = (template: string): string =>
    template.replaceAll(/\{(config|secret)\.(\w+)\}/gu, (_, kind: string, key: string) =>
      String((kind === 'config' ? input.config : input.secrets)[key] ?? ''),
    );
  const context = (scope?: string): never => {
    const made: Context<Readonly<Record<string, unknown>>> = {
      config: input.config,
      scope: scope === undefined ? null : { id: scope, name: scope, kind: 'test' },
      http: openHttp(chooseScheme(connection.auth, input.config), fill),
      state: {
        get: async <T>(key: string) => structuredClone(state.get(key)) as T | undefined,
        set: async (key, value) => void state.set(key, structuredClone(value)),
        delete: async (key) => void state.delete(key),
      },
      log: { debug: () => {}, info: () => {}, warn: () => {} },
      issues: { raise: ({ title }) => void issues.push(title) },
      signal: new AbortController().signal,
      now: Temporal.Now.instant().toString(),
      random: () => 0.5,
    };
    return made as never;
  };
  return {
    state,
    issues,
    context,
    discover: async () => {
      const found = (await Array.fromAsync(connection.discoverScopes?.(context()) ?? [])).flat();
      for (const { id } of found) scopes.add(id);
      return found;
    },
    read: async (name) => {
      const stream = plugin.streams?.find((one) => one.name === name);
      if (stream === undefined) throw new Error(`No stream is called ${name}.`);
      const records: NormalRecord[] = [];
      const refused: RefusedRecord[] = [];
      let deletes = 0;
      for await (const yielded of stream.read(context(), cursors.get(name) as never)) {
        const { batch, refused: wrong } = normaliseBatch(stream, yielded, { kind: 'known', scopes });
        records.push(...batch.upserts);
        refused.push(...wrong);
        deletes += batch.deletes.length;
        if (batch.cursor !== undefined) cursors.set(name, batch.cursor);
      }
      return { records, deletes, refused };
    },
  };
}

function chooseScheme(auth: Plugin['connections'][number]['auth'], config: PluginSessionInput['config']): AuthScheme {
  if (auth.kind !== 'choice') return auth;
  return auth.schemes[String(config[auth.field])] ?? { kind: 'none' };
}

function openHttp(scheme: AuthScheme, fill: (template: string) => string): Context['http'] {
  const request: Context['http']['request'] = async (url, options = {}) => {
    const headers = new Headers(options.headers);
    let json = options.json;
    for (const placement of await placements(scheme, fill)) {
      if (placement.in === 'header') headers.set(placement.name, fill(placement.value));
      if (placement.in === 'body' && typeof json === 'object' && json !== null) {
        const method = 'method' in json ? String(json.method) : '';
        if (placement.except?.includes(method) !== true)
          json = { ...json, [placement.pointer.slice(1)]: fill(placement.value) };
      }
    }
    if (json !== undefined) headers.set('content-type', 'application/json');
    const body = json === undefined ? null : JSON.stringify(json);
    const response = await fetch(url, { method: options.method ?? 'GET', headers, body });
    const text = await response.text();
    if (!response.ok && options.accept?.includes(response.status) !== true)
      throw new PluginError(errorOf(response.status), `HTTP ${response.status}: ${text.slice(0, 200)}`);
    return {
      status: response.status,
      url: response.url,
      headers: Object.fromEntries(response.headers),
      text: () => text,
      bytes: () => new TextEncoder().encode(text),
      json: <T>() => JSON.parse(text) as T,
    };
  };
  return {
    request,
    get: async (url, options) => (await request(url, options)).json(),
    post: async (url, json, options) => (await request(url, { ...options, method: 'POST', json })).json(),
  };
}

async function placements(scheme: AuthScheme, fill: (template: string) => string): Promise<readonly Placement[]> {
  if (scheme.kind === 'key') return scheme.placements;
  if (scheme.kind !== 'login') return [];
  const body: unknown = JSON.parse(fill(JSON.stringify(scheme.request.body)));
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(fill(scheme.request.url), { method: 'POST', headers, body: JSON.stringify(body) });
  const { result } = (await answer.json()) as { result?: string };
  if (result === undefined) throw new AuthFailed('The sign-in was refused.');
  return scheme.apply.map((placement) => ({ ...placement, value: placement.value.replace('{token}', () => result) }));
}

function errorOf(status: number): PluginErrorName {
  if (status === 401) return 'AuthFailed';
  if (status === 403) return 'PermissionMissing';
  return status >= 500 ? 'Transient' : 'VendorBug';
}
