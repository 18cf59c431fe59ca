import type { Batch } from '@bailiwick/sdk';
import { runPass, type PassReport, type StreamDescription } from '@bailiwick/plugin-runtime';
import { newId } from '../../packages/core/src/kernel/id.ts';
import { ClockToken } from '../../packages/core/src/kernel/tokens.ts';
import { MarkSeen } from '../../packages/core/src/modules/assets/index.ts';
import { PluginCalls, PluginRunner, type ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { DiscoverScopes } from '../../packages/core/src/modules/plugin-scopes/discover-scopes.ts';
import { ScopeQueries, type RemoteScope } from '../../packages/core/src/modules/plugin-scopes/index.ts';
import { EntityStore } from '../../packages/core/src/modules/plugin-sync/entity-store.ts';
import { StreamStateStore } from '../../packages/core/src/modules/plugin-sync/stream-state-store.ts';
import { PostgresStreamStore } from '../../packages/core/src/modules/plugin-sync/stream-store.ts';
import type { StreamId, SyncTables } from '../../packages/core/src/modules/plugin-sync/sync-table.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { JobQueue } from '../../packages/core/src/platform/jobs/job-queue.ts';
import { connectTestPlugin, installTestPlugin, startFakeVendor } from '../support/test-plugin.ts';
import { fill, startBenchDatabase } from './bench-database.ts';
import { progress, report } from './figures.ts';
import { fillClients, openBenchPlatform, type BenchPlatform } from './monitored-machines.ts';

const BENCH = 'plugin-sync';
const DEVICES = 100_000;
const SCOPES = 200;
const PAGE = 1000;

/** The plugin's own work, the same in the sandbox (as text) and in this process. */
const toDevice = ({ id, site, name, serial, mac }: VendorDevice): Batch<'device'>['upserts'][number] => ({
  id,
  scope: site,
  data: {
    name,
    kind: 'server',
    serialNumber: serial,
    macAddresses: [mac],
    osName: 'Debian GNU/Linux 13',
    cpuCores: 8,
    memoryBytes: 17_179_869_184,
  },
});

const SOURCE = `
import { defineConnection, definePlugin, defineStream, field } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Account', config: { url: field.url() }, baseUrl: '{config.url}', auth: { kind: 'none' },
  async check() { return { account: 'bench' }; },
  async *discoverScopes(ctx) { yield await ctx.http.get('/sites'); },
});
const toDevice = ${toDevice.toString()};
const devices = defineStream(account, {
  name: 'devices', label: 'Devices', entity: 'device', mode: 'full', grain: 'connection', every: 'PT15M',
  async *read(ctx, cursor) {
    for (let page = cursor ?? 0; page < ${DEVICES / PAGE}; page += 1)
      yield { upserts: (await ctx.http.get('/devices?page=' + page)).map(toDevice), cursor: page + 1 };
  },
});
export default definePlugin({ connections: [account], streams: [devices] });
`;

interface VendorDevice {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  readonly serial: string;
  readonly mac: string;
}

/** Records a second that a plugin brings in through its sandbox and the broker, beside the same pages, mapping and writes in this process. */
export async function benchPluginSync(): Promise<void> {
  await using database = await startBenchDatabase();
  await using platform = await openBenchPlatform(database, 8);
  await using vendor = await startFakeVendor(({ path }) => ({ json: answer(path) }));
  const { scope, clientIds } = await fillClients(database.superuserUrl);
  const pluginId = await installTestPlugin(platform, scope, {
    source: SOURCE,
    capabilities: { records: ['device'] },
  });
  progress(`${BENCH}: two accounts of ${SCOPES} scopes …`);
  const connect = async (): Promise<ConnectionId> => {
    const connectionId = await connectTestPlugin(platform, scope, { pluginId, vendor });
    await platform.container.resolve(DiscoverScopes).run(scope, connectionId);
    return connectionId;
  };
  const [sandboxed, direct] = [await connect(), await connect()];
  await fill(database.superuserUrl, [
    [
      `update plugin_scope set client_id = ($1::uuid[])[1 + (hashtext(external_id) & 2147483647) % 10], mapping = 'mapped', reads_enabled = true`,
      [clientIds],
    ],
  ]);
  const calls = platform.container.resolve(PluginCalls);
  const throughSandbox = (): Promise<Timed> =>
    pass(platform, scope, sandboxed, (call) => calls.pull(scope, { connectionId: sandboxed, remote: null, call }));
  const inThisProcess = (): Promise<Timed> => pass(platform, scope, direct, () => readHere(vendor.url));

  // In turns, so that a disk that grows slower does so for both.
  const heapBefore = process.memoryUsage().rss;
  const first = { direct: await inThisProcess(), sandboxed: await throughSandbox() };
  const second = { sandboxed: await throughSandbox(), direct: await inThisProcess() };
  const rss = process.memoryUsage().rss;
  const written = second.sandboxed.report.added + second.sandboxed.report.changed + second.sandboxed.report.deleted;

  report({
    bench: BENCH,
    metric: 'first pass',
    value: first.sandboxed.rate,
    unit: 'records/s',
    baseline: first.direct.rate,
  });
  report({
    bench: BENCH,
    metric: 'second pass',
    value: second.sandboxed.rate,
    unit: 'records/s',
    baseline: second.direct.rate,
  });
  report({ bench: BENCH, metric: 'records written by the second pass', value: written, unit: 'records' });
  report({
    bench: BENCH,
    metric: 'growth of the host over four passes',
    value: (rss - heapBefore) / 1024 / 1024,
    unit: 'MiB',
  });
  await platform.container.resolve(PluginRunner)[Symbol.asyncDispose]();
}

interface Timed {
  readonly rate: number;
  readonly report: PassReport;
}

async function pass(
  { container }: BenchPlatform,
  scope: Parameters<ScopeQueries['all']>[0],
  connectionId: ConnectionId,
  pull: Parameters<typeof runPass>[0]['pull'],
): Promise<Timed> {
  const db = container.resolve(ScopedDb).typed<SyncTables>();
  const clock = container.resolve(ClockToken);
  const scopes: RemoteScope[] = await container.resolve(ScopeQueries).all(scope, connectionId);
  const streams = container.resolve(StreamStateStore);
  const streamId = await db.transaction(scope, async (tx) => {
    await streams.want(
      tx,
      [{ connectionId, scopeId: null, clientId: null, name: STREAM.name, entity: STREAM.entity }],
      clock.now(),
    );
    const [row] = await tx.sql<{ id: StreamId }>(
      'select id from plugin_stream where msp_id = $1 and connection_id = $2',
      [scope.mspId, connectionId],
    );
    return row?.id ?? newId<'plugin-stream'>();
  });
  const homes = new Map(scopes.map((remote) => [remote.externalId, { scopeId: remote.id, clientId: remote.clientId }]));
  const store = new PostgresStreamStore(
    {
      db,
      entities: container.resolve(EntityStore),
      markSeen: container.resolve(MarkSeen),
      jobs: container.resolve(JobQueue),
      clock,
    },
    scope,
    { streamId, connectionId, clientId: null, mode: STREAM.mode, cursorVersion: 1, homes },
  );
  const began = performance.now();
  const done = await runPass({ pull, stream: STREAM, store, scopes: { kind: 'known', scopes: new Set(homes.keys()) } });
  if (done.end !== 'complete' || done.refusedCount > 0)
    throw new Error(`The pass did not end well: ${done.failure?.message ?? `${done.refusedCount} refused`}`);
  const rate = DEVICES / ((performance.now() - began) / 1000);
  progress(`${BENCH}: ${Math.round(rate)} records/s`);
  return { rate, report: done };
}

async function* readHere(url: string): AsyncGenerator<Batch<'device'>> {
  for (let page = 0; page < DEVICES / PAGE; page += 1) {
    const list = (await (await fetch(`${url}/devices?page=${page}`)).json()) as VendorDevice[];
    yield { upserts: list.map(toDevice), cursor: page + 1 };
  }
}

const STREAM: StreamDescription = {
  name: 'devices',
  connection: 'account',
  label: 'Devices',
  entity: 'device',
  mode: 'full',
  grain: 'connection',
  every: 'PT15M',
  cursorVersion: 1,
};

const pages = new Map<string, VendorDevice[]>();

/** The vendor's list, made once: what is measured is not the vendor. */
function answer(path: string): unknown {
  if (path === '/sites')
    return Array.from({ length: SCOPES }, (_, index) => ({ id: `s${index}`, name: `Site ${index}`, kind: 'site' }));
  const page = Number(path.split('=')[1]);
  const known = pages.get(path);
  if (known !== undefined) return known;
  const made = Array.from({ length: PAGE }, (_, index) => device(page * PAGE + index));
  pages.set(path, made);
  return made;
}

function device(index: number): VendorDevice {
  return {
    id: `d${index}`,
    site: `s${index % SCOPES}`,
    name: `server-${index}`,
    serial: `SER${index.toString().padStart(8, '0')}`,
    mac: index.toString(16).padStart(12, '0').match(/../g)?.join(':') ?? '',
  };
}
