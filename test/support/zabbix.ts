import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '../../packages/core/src/platform/postgres/embedded-postgres.ts';
import {
  makePeerFolder,
  type PeerFolder,
  type PeerProcess,
  startPeerProcess,
  waitFor,
  waitForPort,
} from './peer-process.ts';
import { freePort } from './server-process.ts';
import { logInToZabbix, openZabbixApi, type ZabbixApi } from './zabbix-api.ts';

/** A Zabbix server, the API of its frontend and one agent, on 127.0.0.1, as a new installation leaves them, but without templates. */
export interface ZabbixServer extends AsyncDisposable {
  /** What an administrator would enter: the API is at `/api_jsonrpc.php` below it. */
  readonly frontendUrl: string;
  readonly apiUrl: string;
  readonly agentPort: number;
  /** Logged in as `Admin`. */
  readonly api: ZabbixApi;
}

const database = { name: 'zabbix', user: 'zabbix', password: 'zabbix' };
const frontendFolder = '/usr/share/zabbix';
const schemaFolder = '/usr/share/zabbix-server-pgsql';

/** Starts all of it, in about five seconds. */
export async function startZabbix(): Promise<ZabbixServer> {
  const running = new AsyncDisposableStack();
  try {
    return await startServers(running);
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

async function startServers(running: AsyncDisposableStack): Promise<ZabbixServer> {
  const folder = running.adopt(makePeerFolder('zabbix'), (made) => made.remove());
  const databasePort = await startDatabase(running);
  const ports = { server: await freeLowPort(), agent: await freeLowPort(), frontend: await freePort() };
  const start = (name: string, command: readonly string[]): PeerProcess =>
    running.adopt(startPeerProcess(name, command, { folder }), (started) => started.stop());
  const server = start('server', [
    'zabbix_server',
    '-f',
    '-c',
    writeServerSettings(folder, ports.server, databasePort),
  ]);
  const agent = start('agent', ['zabbix_agentd', '-f', '-c', writeAgentSettings(folder, ports.agent)]);
  const frontend = start('frontend', [
    'php',
    ...['opcache.enable_cli=1', 'date.timezone=UTC', 'post_max_size=16M', `session.save_path=${folder.path}`].flatMap(
      (setting) => ['-d', setting],
    ),
    '-S',
    `127.0.0.1:${ports.frontend}`,
    '-t',
    copyFrontend(folder, ports.server, databasePort),
  ]);
  const frontendUrl = `http://127.0.0.1:${ports.frontend}`;
  const apiUrl = `${frontendUrl}/api_jsonrpc.php`;
  await waitForPort(ports.server, server);
  await waitForPort(ports.agent, agent);
  await waitFor(
    'answer of the API',
    () =>
      openZabbixApi(apiUrl)
        .call('apiinfo.version', [])
        .then(() => true),
    {
      process: frontend,
    },
  );
  const api = await logInToZabbix(apiUrl);
  return { frontendUrl, apiUrl, agentPort: ports.agent, api, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** A free port that Zabbix accepts: it takes none above 32767, which is where the system's own choice begins. */
async function freeLowPort(): Promise<number> {
  const port = randomInt(20_001, 32_768);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freeLowPort();
  }
  server.close();
  await once(server, 'close');
  return port;
}

/** Debian's schema and data, in an own PostgreSQL; returns its port. */
async function startDatabase(running: AsyncDisposableStack): Promise<number> {
  // Not in the peers' folder: PostgreSQL chooses its own account.
  const folder = running.adopt(makePeerFolder('zabbix-database'), (made) => made.remove());
  const postgres = running.adopt(await startEmbeddedPostgres({ dataDir: folder.path, fast: true }), (started) =>
    started.stop(),
  );
  await query(postgres.superuserUrl, [
    `create role ${database.user} login password '${database.password}'`,
    `create database ${database.name} owner ${database.user}`,
  ]);
  const url = Object.assign(new URL(postgres.superuserUrl), {
    username: database.user,
    password: database.password,
    pathname: database.name,
  });
  const [schema = '', images = '', data = ''] = ['schema', 'images', 'data'].map((name) =>
    gunzipSync(readFileSync(join(schemaFolder, `${name}.sql.gz`))).toString(),
  );
  await query(url.href, [schema, images, withoutTemplates(data)]);
  return postgres.port;
}

/** What an installation cannot do without. The rest are Zabbix's own templates, whose 173,000 statements take ten times as long as all else. */
const basicTables = new Set([
  'role',
  'role_rule',
  'users',
  'usrgrp',
  'users_groups',
  'hstgrp',
  'config',
  'config_autoreg_tls',
  'regexps',
  'expressions',
  'globalmacro',
  'graph_theme',
]);

function withoutTemplates(data: string): string {
  const statements = data.split(/^(?=INSERT INTO )/mu);
  return statements.filter((statement) => basicTables.has(/^INSERT INTO (\w+)/u.exec(statement)?.[1] ?? '')).join('');
}

async function query(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function writeServerSettings(folder: PeerFolder, port: number, databasePort: number): string {
  return writeSettings(folder, 'server.conf', {
    ListenIP: '127.0.0.1',
    ListenPort: port,
    LogType: 'console',
    PidFile: `${folder.path}/server.pid`,
    SocketDir: folder.path,
    TmpDir: folder.path,
    DBHost: '127.0.0.1',
    DBPort: databasePort,
    DBName: database.name,
    DBUser: database.user,
    DBPassword: database.password,
    // 6.0 knows PostgreSQL up to 15.
    AllowUnsupportedDBVersions: 1,
    // The shortest: a second after a change by the API it is in force.
    CacheUpdateFrequency: 1,
    FpingLocation: '/usr/bin/fping',
    // As few processes as do the work.
    StartPollers: 2,
    StartHistoryPollers: 1,
    StartPreprocessors: 1,
    StartTrappers: 2,
    StartPingers: 0,
    StartDiscoverers: 0,
    StartHTTPPollers: 0,
    StartODBCPollers: 0,
    StartProxyPollers: 0,
    StartLLDProcessors: 1,
    StartDBSyncers: 1,
    StartAlerters: 1,
  });
}

function writeAgentSettings(folder: PeerFolder, port: number): string {
  return writeSettings(folder, 'agent.conf', {
    Server: '127.0.0.1',
    ListenIP: '127.0.0.1',
    ListenPort: port,
    Hostname: 'bailiwick-test',
    LogType: 'console',
    PidFile: `${folder.path}/agent.pid`,
    StartAgents: 2,
  });
}

function writeSettings(folder: PeerFolder, name: string, settings: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  return folder.write(name, lines.join(''));
}

/** Debian's frontend reads one file of settings in /etc; a copy reads its own. Returns the copy's folder. */
function copyFrontend(folder: PeerFolder, serverPort: number, databasePort: number): string {
  const settings = folder.write(
    'frontend.php',
    `<?php
$DB['TYPE'] = 'POSTGRESQL';
$DB['SERVER'] = '127.0.0.1';
$DB['PORT'] = '${databasePort}';
$DB['DATABASE'] = '${database.name}';
$DB['USER'] = '${database.user}';
$DB['PASSWORD'] = '${database.password}';
$DB['SCHEMA'] = '';
$DB['ENCRYPTION'] = false;
$DB['DOUBLE_IEEE754'] = true;
$ZBX_SERVER = '127.0.0.1';
$ZBX_SERVER_PORT = '${serverPort}';
$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
`,
  );
  const web = join(folder.path, 'web');
  // What only browsers load stays out.
  const browserOnly = new Set(['js', 'assets', 'audio', 'fonts', 'locale'].map((name) => join(frontendFolder, name)));
  cpSync(frontendFolder, web, { recursive: true, dereference: true, filter: (source) => !browserOnly.has(source) });
  const reader = 'include/classes/core/CConfigFile.php';
  const code = readFileSync(join(frontendFolder, reader), 'utf8');
  const constant = /const CONFIG_FILE_PATH = '[^']*'/u;
  if (!constant.test(code)) throw new Error(`${reader} does not name its file of settings as expected.`);
  folder.write(`web/${reader}`, code.replace(constant, `const CONFIG_FILE_PATH = '${settings}'`));
  return web;
}
