import {
  CallFailed,
  Egress,
  HttpBroker,
  MemoryCredentialStore,
  checkCheckResult,
  discoverScopes,
  egressPolicy,
  originsToApprove,
  runPass,
  systemClock,
  type Call,
  type CallAnswers,
  type CallOptions,
  type ConnectionDescription,
  type PassBudget,
  type PassReport,
  type Recorder,
  type RunningPlugin,
  type Services,
  type StreamDescription,
} from '@bailiwick/plugin-runtime';
import type { BoundScope, CheckResult, DiscoveredScope, IssueReport, Json, PluginManifest } from '@bailiwick/sdk';
import { CassettePlayer } from '../fixtures/cassette-player.ts';
import type { CassetteExchange, ConnectionFixture } from '../fixtures/fixture-schemas.ts';
import { FixtureTransport } from '../fixtures/fixture-transport.ts';
import type { Vendor } from '../fixtures/vendor.ts';
import { MemoryStore } from './memory-store.ts';
import type { Outputs } from './outputs.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Watch } from './watch.ts';

/** What a rig is built from. */
export interface RigParts {
  readonly manifest: PluginManifest;
  readonly type: ConnectionDescription;
  readonly streams: readonly StreamDescription[];
  readonly fixture: ConnectionFixture;
  readonly exchanges: readonly CassetteExchange[];
  readonly vendor: Vendor | undefined;
  readonly plugin: RunningPlugin;
  readonly outputs: Pick<Outputs, 'add'>;
  /** A live vendor on a real network, in the place of fixtures. */
  readonly live?: { readonly record?: Recorder };
}

/** How one call of a rig is made. */
export interface RigCall {
  readonly isReadOnly?: boolean;
  readonly signal?: AbortSignal;
  readonly timeoutSeconds?: number;
}

/** A request of `ctx.http`. */
export interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly isReading: boolean;
}

/** The scope of an account that has no partitions. */
const wholeAccount: DiscoveredScope = { id: 'account', name: 'The account', kind: 'account' };
const defaultNow = '2026-05-04T12:00:00Z';
/** With fixtures, waiting for limits takes no time, so a fixture that asks more than a vendor allows in a minute is no failure. */
const PATIENCE_MS = 3_600_000;
/** A live vendor is waited for. */
const LIVE_PATIENCE_MS = 120_000;

/**
 * One connection with the real broker, in front of fixtures: a vendor that starts from nothing, tokens and notes that nobody has made yet, and a clock that
 * does not wait. The sandbox behind it is shared by all rigs of a run, as all connections of an MSP share one.
 */
export class Rig {
  readonly type: ConnectionDescription;
  readonly fixture: ConnectionFixture;
  readonly streams: readonly StreamDescription[];
  readonly transport: FixtureTransport;
  readonly broker: HttpBroker;
  readonly player: CassettePlayer;
  readonly issues: IssueReport[] = [];
  readonly clock: VirtualClock;
  readonly watch: Watch;
  /** What the plugin asked `ctx.http` for, whether or not the broker sent it. */
  readonly asked: AskedRequest[] = [];
  hasKeptNotes = false;
  readonly #parts: RigParts;
  readonly #state = new Map<string, Json>();
  #discovered: readonly DiscoveredScope[] | undefined;
  #call = '';

  constructor(parts: RigParts) {
    const { manifest, type, fixture, exchanges, vendor, live } = parts;
    this.#parts = parts;
    this.type = type;
    this.fixture = fixture;
    this.streams = parts.streams;
    this.player = new CassettePlayer(exchanges, { text: (text) => this.broker.redactor.text(text) });
    this.clock = new VirtualClock(Temporal.Instant.from(this.now));
    const origins = originsToApprove(manifest.egress, fixture.config);
    const policy = egressPolicy(manifest.egress, fixture.config, { origins, networks: origins.map(hostOf) });
    this.watch = new Watch(policy);
    this.transport = new FixtureTransport(this.player, live === undefined ? vendor : new Egress({ policy }));
    this.broker = new HttpBroker({
      connection: {
        id: 'acceptance',
        type,
        config: fixture.config,
        secrets: fixture.secrets,
        policy,
      },
      transport: this.transport,
      store: new MemoryCredentialStore(),
      clock: live === undefined ? this.clock : systemClock,
      random: live === undefined ? () => 0 : Math.random,
      ...(live?.record === undefined ? {} : { record: live.record }),
    });
  }

  /** What `ctx.now` says, ISO 8601. */
  get now(): string {
    return this.fixture.now ?? defaultNow;
  }

  /** The call that runs, or ran last: `check`, `discovery`, `stream devices`, `plan reboot`. */
  get lastCall(): string {
    return this.#call;
  }

  /** How many notes the plugin keeps here. */
  get stateCount(): number {
    return this.#state.size;
  }

  /** Forgets the plugin's notes, as a purge does. */
  purge(): void {
    this.#state.clear();
    this.issues.length = 0;
  }

  /** @throws CallFailed */
  async check(how: RigCall = {}): Promise<CheckResult> {
    return checkCheckResult(await this.call({ kind: 'check' }, null, how));
  }

  /** @throws CallFailed */
  async call<C extends Call>(call: C, scope: BoundScope | null, how: RigCall = {}): Promise<CallAnswers[C['kind']]> {
    const name = 'name' in call ? `${call.kind} ${call.name}` : call.kind;
    this.#begin(name);
    const answer = await this.#watched(name, this.#parts.plugin.call(call, this.options(name, scope, how)));
    this.#parts.outputs.add(`the answer of ${name}`, answer);
    return answer;
  }

  /** Asks the vendor. @throws CallFailed */
  async discover(how: RigCall = {}): Promise<readonly DiscoveredScope[]> {
    if (!this.type.discoversScopes) return [wholeAccount];
    this.#begin('discovery');
    const options = this.options('discovery', null, how);
    const found = await this.#watched('discovery', discoverScopes(this.#parts.plugin, options));
    this.#parts.outputs.add('discovered scopes', found);
    return found;
  }

  /** All scopes, asked for once and without faults. */
  async discovered(): Promise<readonly DiscoveredScope[]> {
    this.#discovered ??= await this.discover();
    return this.#discovered;
  }

  /** The scopes that are run: those of the fixture, otherwise the first three. */
  async scopes(): Promise<readonly BoundScope[]> {
    const all = (await this.discovered()).filter(({ isAccessible }) => isAccessible !== false);
    const wanted = this.fixture.scopes;
    const chosen = wanted === undefined ? all.slice(0, 3) : all.filter(({ id }) => wanted.includes(id));
    return chosen.map(({ id, name, kind }) => ({ id, name, kind }));
  }

  /** Every stream with each scope that it is run for. */
  async targets(): Promise<readonly Target[]> {
    const scopes = await this.scopes();
    return this.streams.flatMap((stream): Target[] =>
      stream.grain === 'connection' ? [{ stream, scope: null }] : scopes.map((scope) => ({ stream, scope })),
    );
  }

  /** Runs one pass with the real rules. */
  async pass(target: Target, store: MemoryStore, how: RigCall & { budget?: PassBudget } = {}): Promise<PassReport> {
    const { stream, scope } = target;
    const known = new Set((await this.discovered()).map(({ id }) => id));
    this.#begin(`stream ${stream.name}`);
    const options = this.options(`stream ${stream.name}`, scope, how);
    const report = await runPass({
      pull: (call) => this.#parts.plugin.pull(call, options),
      stream,
      store,
      scopes: scope === null ? { kind: 'known', scopes: known } : { kind: 'bound', scope: scope.id },
      ...(how.budget === undefined ? {} : { budget: how.budget }),
    });
    if (report.failure !== null) this.#keepError(`stream ${stream.name}`, report.failure);
    this.#parts.outputs.add(`records of ${stream.name}`, store.records());
    return report;
  }

  /** The binding and the services of one call, as the platform makes them. */
  options(name: string, scope: BoundScope | null, how: RigCall = {}): CallOptions {
    const isGranted = this.#parts.manifest.capabilities.state === true;
    return {
      binding: {
        connection: this.type.name,
        config: this.fixture.config,
        scope,
        now: this.now,
        seed: 1,
        grants: { state: isGranted },
      },
      services: this.#services(name, scope, how),
      timeoutSeconds: how.timeoutSeconds ?? (this.#parts.live === undefined ? 20 : 300),
      ...(how.signal === undefined ? {} : { signal: how.signal }),
    };
  }

  #services(name: string, scope: BoundScope | null, { isReadOnly = false }: RigCall): Services {
    const key = (text: string): string => JSON.stringify([scope?.id ?? null, text]);
    const { outputs } = this.#parts;
    const patienceMs = this.#parts.live === undefined ? PATIENCE_MS : LIVE_PATIENCE_MS;
    const { http } = this.broker.bind({ scope, readOnly: isReadOnly, maxRequests: 5000, patienceMs });
    return {
      http: async (request, signal) => {
        const { method = 'GET', reads = false } = request.options;
        this.asked.push({ method, url: request.url, isReading: method === 'GET' || method === 'HEAD' || reads });
        this.watch.asked(request);
        const response = await http(request, signal);
        this.watch.answered(response);
        return response;
      },
      stateGet: async (text) => this.#state.get(key(text)),
      stateSet: async (text, value) => {
        outputs.add(`a note kept by ${name}`, value);
        this.hasKeptNotes = true;
        this.#state.set(key(text), value);
      },
      stateDelete: async (text) => {
        this.#state.delete(key(text));
      },
      log: (_level, message, fields) => outputs.add(`a log line of ${name}`, `${message} ${JSON.stringify(fields)}`),
      raiseIssue: (issue) => {
        outputs.add(`an issue of ${name}`, issue);
        this.issues.push(issue);
      },
    };
  }

  #begin(name: string): void {
    this.#call = name;
    this.player.rewind(name);
  }

  async #watched<T>(name: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof CallFailed) this.#keepError(name, error);
      throw error;
    }
  }

  #keepError(name: string, { message, details }: CallFailed): void {
    this.#parts.outputs.add(`an error of ${name}`, `${message} ${JSON.stringify(details)}`);
  }
}

/** A stream, and the scope that it is run for; null where its grain is the connection. */
export interface Target {
  readonly stream: StreamDescription;
  readonly scope: BoundScope | null;
}

/** The target in words. */
export function nameOf({ stream, scope }: Target): string {
  return scope === null ? stream.name : `${stream.name} of ${scope.id}`;
}

/** A store for the target's stream, empty. */
export function storeFor({ stream }: Target): MemoryStore {
  return new MemoryStore(stream.mode);
}

function hostOf(origin: string): string {
  return new URL(origin).hostname;
}
