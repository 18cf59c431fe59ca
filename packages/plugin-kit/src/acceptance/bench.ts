import { startPlugin, type BundleParts, type RunningPlugin } from '@bailiwick/plugin-runtime';
import { KitError } from '../kit-error.ts';
import type { ConnectionFixture } from '../fixtures/fixture-schemas.ts';
import type { Fixtures } from '../fixtures/read-fixtures.ts';
import { loadVendor } from '../fixtures/vendor.ts';
import { Outputs } from './outputs.ts';
import { Rig, type RigParts } from './rig.ts';

/** What is accepted: a built plugin, its fixtures, and where its code stands as a file. */
export interface BenchParts {
  readonly plugin: BundleParts;
  readonly fixtures: Fixtures;
  /** Absolute path of the bundle. */
  readonly bundle: string;
  /** The source; absent where a packed file is accepted. */
  readonly folder?: string | undefined;
  /** What comes out of the sandbox goes here too. */
  readonly outputs?: Outputs;
  /** A live vendor in the place of what the fixtures would play. */
  readonly live?: RigParts['live'];
}

/** Where the checks work: one sandbox, from which everything that comes is kept, and as many rigs as they want. */
export class Bench implements AsyncDisposable {
  readonly plugin: BundleParts;
  readonly fixtures: Fixtures;
  readonly folder: string | undefined;
  readonly bundle: string;
  readonly outputs: Outputs;
  readonly running: RunningPlugin;
  readonly #live: RigParts['live'];
  readonly #rigs: Rig[] = [];
  readonly #started: RunningPlugin[] = [];

  constructor({ plugin, fixtures, bundle, folder, outputs = new Outputs(), live }: BenchParts) {
    this.outputs = outputs;
    this.#live = live;
    this.plugin = plugin;
    this.fixtures = fixtures;
    this.folder = folder;
    this.bundle = bundle;
    this.running = this.start();
  }

  /** A sandbox of its own, with the same bundle. */
  start(options: { readonly heapMegabytes?: number } = {}): RunningPlugin {
    const log = (line: { readonly message: string }): void => this.outputs.add('a line of console', line.message);
    const started = startPlugin({ bundle: this.bundle, log, ...options });
    this.#started.push(started);
    return started;
  }

  /** A fresh rig for each connection of the fixtures. */
  async rigs(plugin: RunningPlugin = this.running): Promise<readonly Rig[]> {
    return Promise.all(this.fixtures.connections.map((fixture) => this.rig(fixture, plugin)));
  }

  /** A fresh rig. @throws KitError where the plugin has no such connection type */
  async rig(fixture: ConnectionFixture, plugin: RunningPlugin = this.running): Promise<Rig> {
    const { manifest, description } = this.plugin;
    const type = description.connections.find(({ name }) => name === fixture.connection);
    if (type === undefined)
      throw new KitError(`connection.json: the plugin has no connection "${fixture.connection}".`);
    const rig = new Rig({
      manifest,
      type,
      streams: description.streams.filter(({ connection }) => connection === type.name),
      fixture,
      exchanges: this.#live === undefined ? this.fixtures.exchanges : [],
      vendor: this.#live === undefined ? await loadVendor(this.fixtures.folder) : undefined,
      plugin,
      outputs: this.outputs,
      ...(this.#live === undefined ? {} : { live: this.#live }),
    });
    this.#rigs.push(rig);
    return rig;
  }

  /** Every rig that checks have used. */
  get used(): readonly Rig[] {
    return this.#rigs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rig of this.#rigs) rig.broker.close();
    await Promise.all(this.#started.map((plugin) => plugin.stop()));
  }
}
