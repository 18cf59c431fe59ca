import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Call,
  type CallAnswers,
  type CallOptions,
  discoverScopes,
  Egress,
  egressPolicy,
  HttpBroker,
  MemoryCredentialStore,
  type PassReport,
  type PluginDescription,
  type PullCall,
  type RawDelivery,
  type RunningPlugin,
  runPass,
  startPlugin,
  verifyDelivery,
  type VerifiedDelivery,
} from '@bailiwick/plugin-runtime';
import type { DiscoveredScope, IssueReport, Json, Shape } from '@bailiwick/sdk';
import { MemoryStore } from '../../packages/plugin-kit/src/acceptance/memory-store.ts';
import { buildPlugin } from '../../packages/plugin-kit/src/build/build-plugin.ts';

/** What the operator would enter. */
export interface BenchConnection {
  readonly connection: string;
  readonly config: Readonly<Record<string, Json>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * One connection of a plugin in its real sandbox, with the real broker and egress, against whatever stands at the addresses in the configuration.
 * Every origin in the configuration and the loopback network count as approved. Records are kept in memory.
 */
export class PluginBench implements AsyncDisposable {
  readonly issues: IssueReport[] = [];
  /** What the time is for the plugin; the machine's where it is not set. */
  now: () => Temporal.Instant = () => Temporal.Now.instant();
  readonly description: PluginDescription;
  readonly #plugin: RunningPlugin;
  readonly #broker: HttpBroker;
  readonly #input: BenchConnection;
  readonly #stores = new Map<string, MemoryStore>();
  readonly #folder: string;

  private constructor(parts: {
    description: PluginDescription;
    plugin: RunningPlugin;
    broker: HttpBroker;
    input: BenchConnection;
    folder: string;
  }) {
    this.description = parts.description;
    this.#plugin = parts.plugin;
    this.#broker = parts.broker;
    this.#input = parts.input;
    this.#folder = parts.folder;
  }

  /** Builds the plugin of this name under packages/plugins, and connects it. */
  static async open(name: string, given: BenchConnection): Promise<PluginBench> {
    const built = await buildPlugin(fileURLToPath(new URL(`../../packages/plugins/${name}`, import.meta.url)));
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-bench-'));
    const bundle = join(folder, 'plugin.mjs');
    await writeFile(bundle, built.code);
    const type = built.description.connections.find((one) => one.name === given.connection);
    if (type === undefined) throw new Error(`The plugin has no connection type ${given.connection}.`);
    const input = { ...given, config: { ...defaultsOf(type.config), ...given.config } };
    const origins = Object.values(input.config).filter((value) => typeof value === 'string' && URL.canParse(value));
    const networks = ['127.0.0.0/8'];
    const policy = egressPolicy(built.manifest.egress, input.config, { origins: origins.map(String), networks });
    const connection = { id: 'bench', type, config: input.config, secrets: input.secrets, policy };
    const broker = new HttpBroker({
      connection,
      transport: new Egress({ policy }),
      store: new MemoryCredentialStore(),
    });
    return new PluginBench({ description: built.description, plugin: startPlugin({ bundle }), broker, input, folder });
  }

  async call<C extends Call>(call: C, scope?: string): Promise<CallAnswers[C['kind']]> {
    const readOnly = call.kind === 'plan' || call.kind === 'verify';
    return this.#plugin.call(call, this.#options(scope, { readOnly, priority: 'action' }));
  }

  async discover(): Promise<readonly DiscoveredScope[]> {
    return discoverScopes(this.#plugin, this.#options(undefined));
  }

  /** One pass of a stream; the cursor is kept for the next one. */
  async pass(stream: string, scope: string): Promise<PassReport> {
    const found = this.description.streams.find((one) => one.name === stream);
    if (found === undefined) throw new Error(`The plugin has no stream ${stream}.`);
    const options = this.#options(scope);
    const store = this.#store(stream, scope);
    const pull = (call: Extract<PullCall, { kind: 'read' }>) => this.#plugin.pull(call, options);
    return runPass({ pull, stream: found, store, scopes: { kind: 'bound', scope } });
  }

  /** What a stream's passes have left, by id. */
  records(stream: string, scope: string): ReadonlyMap<string, Readonly<Record<string, Json>>> {
    return new Map(
      this.#store(stream, scope)
        .records()
        .map(({ id, data }) => [id, data]),
    );
  }

  /** Verifies a delivery as the platform does, on its raw bytes. */
  verify(webhook: string, raw: RawDelivery): VerifiedDelivery {
    const found = this.description.webhooks.find((one) => one.name === webhook);
    if (found === undefined) throw new Error(`The plugin has no webhook ${webhook}.`);
    const { config, secrets } = this.#input;
    return verifyDelivery(found, raw, { config, secret: secrets }, this.now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#broker.close();
    await this.#plugin.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #store(stream: string, scope: string): MemoryStore {
    const key = `${stream} ${scope}`;
    const mode = this.description.streams.find((one) => one.name === stream)?.mode ?? 'full';
    const store = this.#stores.get(key) ?? new MemoryStore(mode);
    this.#stores.set(key, store);
    return store;
  }

  #options(
    scope: string | undefined,
    sending: { readOnly?: boolean; priority?: 'action' | 'background' } = {},
  ): CallOptions {
    const bound = scope === undefined ? null : { id: scope, name: scope, kind: 'bench' };
    const { config, connection } = this.#input;
    const { http } = this.#broker.bind({ scope: bound, ...sending });
    const binding = { connection, config, scope: bound, now: this.now().toString(), seed: 1, grants: { state: false } };
    const services: CallOptions['services'] = {
      http,
      stateGet: async () => undefined,
      stateSet: async () => {},
      stateDelete: async () => {},
      log: () => {},
      raiseIssue: (issue) => void this.issues.push(issue),
    };
    return { binding, services };
  }
}

function defaultsOf(fields: Shape): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, field]) =>
      'default' in field && field.default !== undefined ? [[key, field.default]] : [],
    ),
  );
}
