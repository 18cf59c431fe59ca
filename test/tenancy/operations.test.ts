import pg from 'pg';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modules } from '../../packages/core/src/composition/modules.ts';
import type { AnyOperation, DownloadOperation, UploadOperation } from '../../packages/core/src/kernel/operation.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { LiveHub } from '../../packages/core/src/platform/live.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { contactScope, staffScope, startTestApp, type TestApp } from '../support/test-app.ts';
import { testHttpApp } from '../support/test-http.ts';
import { buildWorld, type World } from '../support/world.ts';
import { readCatalogue } from './catalogue.ts';
import { growWorld } from './grow-world.ts';
import { entitiesIn, sampleInput } from './sample-input.ts';
import { TenantRows } from './tenant-rows.ts';

type Callable = AnyOperation | DownloadOperation | UploadOperation;

let app: TestApp;
let http: Hono;
let victim: World;
let other: World;
let rows: TenantRows;
let admin: pg.Client;
let operations: { module: string; procedure: string; operation: Callable }[];
let callers: Record<string, TenantScope>;
const scopes = new Map<string, TenantScope>();

beforeAll(async () => {
  app = await startTestApp();
  victim = await buildWorld(app);
  other = await buildWorld(app);
  admin = new pg.Client({ connectionString: app.database.superuserUrl });
  await admin.connect();
  rows = new TenantRows(admin, await readCatalogue(app.database.superuserUrl));
  await growWorld(app, rows, { scope: staffScope(victim.mspId), mspId: victim.mspId, clientId: victim.first });
  http = testHttpApp(app, scopes);
  operations = modules.flatMap((module) =>
    Object.entries(module.operations(app.container)).map(([procedure, operation]) => ({
      module: module.name,
      procedure,
      operation: operation as Callable,
    })),
  );
  callers = {
    'staff of another MSP': staffScope(other.mspId),
    'staff kept to another client': staffScope(victim.mspId, { kind: 'only', clientIds: [victim.second] }),
    'staff denied this client': staffScope(victim.mspId, { kind: 'except', clientIds: [victim.first] }),
    'a contact of another client': contactScope(victim.mspId, victim.second),
  };
  for (const [name, scope] of Object.entries(callers)) scopes.set(name, scope);
  scopes.set('owner', staffScope(victim.mspId));
});
afterAll(async () => {
  await admin.end();
  await app[Symbol.asyncDispose]();
});

async function victimsInput(operation: Callable): Promise<Record<string, unknown>> {
  const ids = new Map<string, string>();
  for (const entity of entitiesIn(operation.input))
    ids.set(entity, await rows.anyId(entity, { mspId: victim.mspId, clientId: victim.first }));
  return sampleInput(operation.input, (entity) => ids.get(entity) ?? '');
}

async function overTrpc(
  caller: string,
  target: { module: string; procedure: string; operation: Callable },
  input: unknown,
): Promise<Response> {
  const path = `/api/trpc/${target.module}.${target.procedure}`;
  const headers = { 'x-test-scope': encodeURIComponent(caller), 'content-type': 'application/json' };
  if (target.operation.kind === 'query')
    return http.request(`${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers });
  return http.request(path, { method: 'POST', headers, body: JSON.stringify(input) });
}

async function overRest(caller: string, operation: Callable, input: Record<string, unknown>): Promise<Response | null> {
  if (operation.rest === undefined) return null;
  const { method } = operation.rest;
  const left = { ...input };
  const path = operation.rest.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(left[name]);
    delete left[name];
    return encodeURIComponent(value);
  });
  const headers: Record<string, string> = {
    'x-test-scope': encodeURIComponent(caller),
    'content-type': 'application/json',
  };
  const inQuery = method === 'GET' || method === 'DELETE' || operation.kind === 'upload';
  const query = new URLSearchParams(
    Object.entries(left).flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((item) => [name, String(item)]) : [[name, String(value)]],
    ),
  ).toString();
  if (operation.kind === 'upload')
    Object.assign(headers, { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename="a.txt"' });
  return http.request(`/api/v1${path}${inQuery && query !== '' ? `?${query}` : ''}`, {
    method,
    headers,
    ...(inQuery ? (operation.kind === 'upload' ? { body: 'stolen' } : {}) : { body: JSON.stringify(left) }),
  });
}

/** What is wrong with an answer to somebody who must learn nothing; null when nothing is. */
async function leakIn(
  response: Response,
  target: { operation: Callable },
  input: object,
  ids: ReadonlySet<string>,
): Promise<string | null> {
  const body = await response.text();
  if (response.status >= 500) return `failed with ${response.status}: ${body.slice(0, 300)}`;
  if (body.includes('input.invalid')) return `was not really tried, the input was refused: ${body.slice(0, 300)}`;
  const sent = JSON.stringify(input);
  const leaked = [...ids].find((id) => body.includes(id) && !sent.includes(id));
  if (leaked !== undefined) return `answers with the victim's row ${leaked}`;
  const carriesIds = entitiesIn(target.operation.input).size > 0;
  if (response.status < 400 && carriesIds && target.operation.kind !== 'query' && target.operation.kind !== 'download')
    return `accepted the victim's ids: ${body.slice(0, 200)}`;
  return null;
}

describe('every operation, called with another tenant’s ids', () => {
  it('answers nothing of theirs and changes nothing of theirs, over tRPC and REST', async () => {
    const ids = await rows.idsOfClient({ mspId: victim.mspId, clientId: victim.first });
    expect(ids.size).toBeGreaterThan(0);
    // Some things are made when they are first asked for, such as the default checks.
    for (const target of operations.filter(({ operation }) => operation.kind === 'query'))
      await overTrpc('owner', target, await victimsInput(target.operation));
    const before = await rows.digest(victim.mspId);
    const leaks: string[] = [];
    for (const target of operations) {
      const input = await victimsInput(target.operation);
      for (const caller of Object.keys(callers)) {
        const answers: (Response | null)[] = [await overRest(caller, target.operation, input)];
        if (target.operation.kind === 'query' || target.operation.kind === 'command')
          answers.push(await overTrpc(caller, target, input));
        for (const response of answers) {
          const leak = response === null ? null : await leakIn(response, target, input, ids);
          if (leak !== null) leaks.push(`${target.operation.name}, called by ${caller}, ${leak}`);
        }
      }
    }
    expect(leaks).toEqual([]);
    expect(changedTables(before, await rows.digest(victim.mspId))).toEqual([]);
  });

  it('answers their owner, so that silence above means a wall and not a broken call', async () => {
    const failures: string[] = [];
    for (const target of operations.filter(
      ({ operation }) => operation.kind === 'query' && operation.audience !== 'client',
    )) {
      const response = await overTrpc('owner', target, await victimsInput(target.operation));
      if (response.status !== 200)
        failures.push(`${target.operation.name}: ${response.status} ${(await response.text()).slice(0, 200)}`);
    }
    expect(failures).toEqual([]);
  });

  it('covers every operation and finds one that was planted without its scope', async () => {
    expect(operations.length).toBeGreaterThanOrEqual(4);
    const leaky = {
      name: 'planted.read-all',
      kind: 'query' as const,
      audience: 'both' as const,
      permission: 'tenancy.read-clients',
      input: operations[0]!.operation.input,
      output: operations[0]!.operation.input,
      run: async () => ({}),
    };
    const ids = await rows.idsOfClient({ mspId: victim.mspId, clientId: victim.first });
    const { rows: stolen } = await admin.query(
      'select * from site where msp_id = $1 union all select * from site where msp_id = $1',
      [victim.mspId],
    );
    const leak = await leakIn(
      new Response(JSON.stringify({ stolen, ids: [...ids] })),
      { operation: leaky as never },
      {},
      ids,
    );
    expect(leak).toContain('answers with the victim');
  });
});

/** Rows that an attempt rightly leaves behind at the victim's own MSP: refused tries by its own staff. */
const MAY_GROW: ReadonlySet<string> = new Set(['audit_entry', 'audit_pending']);

function changedTables(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(after).filter((name) => before[name] !== after[name] && !MAY_GROW.has(name));
}

describe('the live stream', () => {
  it('tells nobody of another tenant’s changes', async () => {
    const hub = app.container.resolve(LiveHub);
    const heard: string[] = [];
    const stops = [...Object.entries(callers), ['owner', staffScope(victim.mspId)] as const].map(([name, scope]) =>
      hub.listen(scope, () => heard.push(name)),
    );
    await app.container.resolve(ScopedDb).transaction(staffScope(victim.mspId), async (tx) => {
      hub.touch(tx, { clientId: victim.first, topic: 'client', id: victim.first, version: 1, isForContacts: true });
    });
    for (const stop of stops) stop();
    expect(heard).toEqual(['owner']);
  });
});
