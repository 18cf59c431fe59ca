import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Call,
  type CallAnswers,
  type CallBinding,
  type CallOptions,
  discoverScopes,
  Egress,
  egressPolicy,
  type Exchange,
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
  /** What went over the wire, secrets taken out. */
  readonly exchanges: Exchange[] = [];
  /** Is told of each exchange as it ends: to change the vendor in the middle of a call. */
  exchanged: (exchange: Exchange) => void = () => {};
  /** What the time is for the plugin; the machine's where it is not set. */
  now: () => Temporal.Instant = () => Temporal.Now.instant();
  readonly description: PluginDescription;
  readonly #plugin: RunningPlugin;
  readonly #broker: HttpBroker;
  readonly #input: BenchConnection;
  readonly #stores = new Map<string, MemoryStore>();
  readonly #state = new Map<string, Json>();
  readonly #grants: { readonly state: boolean };
  #known: ReadonlySet<string> | undefined;
  readonly #folder: string;

  private constructor(parts: {
    description: PluginDescription;
    plugin: RunningPlugin;
    broker: HttpBroker;
    input: BenchConnection;
    folder: string;
    grants: { readonly state: boolean };
  }) {
    this.description = parts.description;
    this.#plugin = parts.plugin;
    this.#broker = parts.broker;
    this.#input = parts.input;
    this.#folder = parts.folder;
    this.#grants = parts.grants;
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
      record: (exchange) => {
        bench.exchanges.push(exchange);
        bench.exchanged(exchange);
      },
    });
    const { description, manifest } = built;
    const grants = { state: manifest.capabilities.state === true };
    const bench = new PluginBench({ description, plugin: startPlugin({ bundle }), broker, input, folder, grants });
    return bench;
  }

  async call<C extends Call>(call: C, scope?: string): Promise<CallAnswers[C['kind']]> {
    const readOnly = call.kind === 'plan' || call.kind === 'verify';
    const action = this.description.actions.find((one) => 'name' in call && one.name === call.name);
    const writesOnce = (call.kind === 'apply' || call.kind === 'undo') && action?.idempotency === 'none';
    return this.#plugin.call(call, this.#options(scope, { readOnly, writesOnce, priority: 'action' }));
  }

  async discover(): Promise<readonly DiscoveredScope[]> {
    const found = await discoverScopes(this.#plugin, this.#options(undefined));
    this.#known = new Set(found.map(({ id }) => id));
    return found;
  }

  /** One pass of a stream, of one scope or, where its grain is the connection, of all; the cursor is kept for the next one. */
  async pass(stream: string, scope?: string): Promise<PassReport> {
    const found = this.description.streams.find((one) => one.name === stream);
    if (found === undefined) throw new Error(`The plugin has no stream ${stream}.`);
    if (scope === undefined && this.#known === undefined) await this.discover();
    const options = this.#options(scope);
    const store = this.#store(stream, scope);
    const pull = (call: Extract<PullCall, { kind: 'read' }>) => this.#plugin.pull(call, options);
    const scopes =
      scope === undefined
        ? ({ kind: 'known', scopes: this.#known ?? new Set() } as const)
        : ({ kind: 'bound', scope } as const);
    return runPass({ pull, stream: found, store, scopes });
  }

  /** What a stream's passes have left of a scope, by id. */
  records(stream: string, scope: string): ReadonlyMap<string, Readonly<Record<string, Json>>> {
    return new Map(
      this.#store(
        stream,
        this.description.streams.find((one) => one.name === stream)?.grain === 'scope' ? scope : undefined,
      )
        .records()
        .filter((record) => record.scope === scope)
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

  #store(stream: string, scope: string | undefined): MemoryStore {
    const key = `${stream} ${scope ?? ''}`;
    const mode = this.description.streams.find((one) => one.name === stream)?.mode ?? 'full';
    const store = this.#stores.get(key) ?? new MemoryStore(mode);
    this.#stores.set(key, store);
    return store;
  }

  #options(scope: string | undefined, sending: Omit<CallBinding, 'scope'> = {}): CallOptions {
    const bound = scope === undefined ? null : { id: scope, name: scope, kind: 'bench' };
    const { config, connection } = this.#input;
    const { http } = this.#broker.bind({ scope: bound, ...sending });
    const binding = { connection, config, scope: bound, now: this.now().toString(), seed: 1, grants: this.#grants };
    const noteOf = (key: string): string => JSON.stringify([scope ?? null, key]);
    const services: CallOptions['services'] = {
      http,
      stateGet: async (key) => this.#state.get(noteOf(key)),
      stateSet: async (key, value) => void this.#state.set(noteOf(key), value),
      stateDelete: async (key) => void this.#state.delete(noteOf(key)),
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
