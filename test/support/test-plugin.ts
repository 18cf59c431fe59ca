import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '@bailiwick/plugin-kit';
import { generatePublisherKey, readBundle, type PublisherKey } from '@bailiwick/plugin-runtime';
import type { Capabilities, PluginManifest } from '@bailiwick/sdk';
import type { ClientId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import type { ConnectionId } from '../../packages/core/src/modules/plugin-host/index.ts';
import { SaveConnection } from '../../packages/core/src/modules/plugin-host/save-connection.ts';
import type { PluginId } from '../../packages/core/src/modules/plugins/index.ts';
import { InstallPlugin } from '../../packages/core/src/modules/plugins/install-plugin.ts';
import { PluginPackages } from '../../packages/core/src/modules/plugins/plugin-packages.ts';
import type { PluginPackageId } from '../../packages/core/src/modules/plugins/plugin-table.ts';
import { startTestApp, type TestApp } from './test-app.ts';

/** Signs all plugins of one test process, as one publisher would. */
const ownKey = generatePublisherKey();

/** The plugin of a test: what differs from a plain one. */
export interface TestPlugin {
  /** `src/plugin.ts`; it imports `@bailiwick/sdk`. */
  readonly source: string;
  readonly name?: string;
  readonly version?: string;
  readonly capabilities?: Partial<Capabilities>;
  /** The host in the field `url` of the connection where absent. */
  readonly egress?: readonly string[];
  readonly manifest?: Partial<PluginManifest>;
  readonly key?: PublisherKey;
}

/** Builds and packs a plugin from source text, as its author would. */
export async function packTestPlugin(plugin: TestPlugin): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-test-plugin-'));
  try {
    const manifest: PluginManifest = {
      id: plugin.name ?? 'test/acme',
      name: 'Acme',
      version: plugin.version ?? '1.0.0',
      sdkApi: 1,
      description: 'A vendor of tests.',
      kind: 'monitoring',
      licence: 'Apache-2.0',
      securityContact: 'security@acme.example',
      egress: plugin.egress ?? ['{config.url}'],
      capabilities: { records: [], ...plugin.capabilities },
      ...plugin.manifest,
    };
    await writeFile(join(folder, 'plugin.json'), JSON.stringify(manifest));
    await writeFile(join(folder, 'README.md'), '# Acme\n\nOnly for tests.\n');
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src', 'plugin.ts'), plugin.source);
    return await packFolder(folder, plugin.key ?? ownKey);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A request as the fake vendor saw it. */
export interface VendorRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the fake vendor answers: a status and JSON, or text. */
export interface VendorAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

/** A vendor on this machine's loopback. */
export interface FakeVendor extends AsyncDisposable {
  /** `http://127.0.0.1:41234`, without a slash at the end. */
  readonly url: string;
  readonly requests: VendorRequest[];
}

/** Starts one; `answer` may be changed by what the test closes over. */
export async function startFakeVendor(
  answer: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>,
): Promise<FakeVendor> {
  const requests: VendorRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    const reply = async (): Promise<void> => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const request = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      const { status = 200, headers: extra = {}, json, text = '' } = await answer(request);
      outgoing.writeHead(status, { 'content-type': json === undefined ? 'text/plain' : 'application/json', ...extra });
      outgoing.end(json === undefined ? text : JSON.stringify(json));
    };
    incoming.on('end', () => void reply().catch((error: unknown) => outgoing.destroy(error as Error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Uploads a packed plugin; nothing of it runs yet. */
export async function uploadTestPlugin(
  app: Pick<TestApp, 'container'>,
  scope: TenantScope,
  bytes: Uint8Array,
): Promise<{ packageId: PluginPackageId; digest: string }> {
  const body = new Response(Buffer.from(bytes)).body;
  if (body === null) throw new Error('a response of bytes has a body');
  const upload = { fileName: 'acme.bailiwick-plugin', contentType: 'application/octet-stream', body };
  const { packageId } = await app.container.resolve(PluginPackages).upload(scope, upload);
  return { packageId, digest: readBundle(bytes).digest };
}

/** Uploads and installs, as an administrator who consents. */
export async function installTestPlugin(
  app: Pick<TestApp, 'container'>,
  scope: TenantScope,
  plugin: TestPlugin | Uint8Array,
): Promise<PluginId> {
  const bytes = plugin instanceof Uint8Array ? plugin : await packTestPlugin(plugin);
  const { pluginId } = await app.container.resolve(InstallPlugin).run(scope, await uploadTestPlugin(app, scope, bytes));
  return pluginId;
}

/** Connects to the fake vendor: its address goes into the field `url`, and is approved with this machine's loopback. */
export async function connectTestPlugin(
  app: Pick<TestApp, 'container'>,
  scope: TenantScope,
  connection: {
    readonly pluginId: PluginId;
    readonly vendor: Pick<FakeVendor, 'url'>;
    readonly type?: string;
    /** Its own in the MSP. */
    readonly name?: string;
    readonly clientId?: ClientId;
    readonly config?: Readonly<Record<string, unknown>>;
    readonly secrets?: Readonly<Record<string, string>>;
  },
): Promise<ConnectionId> {
  const { url } = connection.vendor;
  const { connectionId } = await app.container.resolve(SaveConnection).create(scope, {
    pluginId: connection.pluginId,
    type: connection.type ?? 'account',
    name: connection.name ?? 'Acme',
    ...(connection.clientId === undefined ? {} : { clientId: connection.clientId }),
    config: { url, ...connection.config },
    secrets: { ...connection.secrets },
    approvals: [
      { kind: 'origin', value: url },
      { kind: 'network', value: '127.0.0.0/8' },
    ],
  });
  return connectionId;
}

/** A test app; its sandboxes end with it. */
export const startPluginApp = startTestApp;
