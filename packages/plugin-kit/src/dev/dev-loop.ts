import { join } from 'node:path';
import { BundleRefused, CallFailed } from '@bailiwick/plugin-runtime';
import { Bench } from '../acceptance/bench.ts';
import { Outputs } from '../acceptance/outputs.ts';
import { buildPlugin, inFile, type BuiltPlugin } from '../build/build-plugin.ts';
import { readFixtures, type Fixtures } from '../fixtures/read-fixtures.ts';
import { KitError } from '../kit-error.ts';
import { readLiveConnection } from '../live/live-connection.ts';
import { cellOf } from '../live/table.ts';
import { tryPlugin } from '../live/try-plugin.ts';
import type { ConsoleLink } from './console-link.ts';

/** What a loop works on. */
export interface DevParts {
  /** The plugin's folder, absolute. */
  readonly folder: string;
  /** A live connection's file; the fixtures where absent. */
  readonly config?: string;
  readonly console?: ConsoleLink;
  readonly show: (line: string) => void;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Lines of the plugin are shown when they come; nothing is kept. */
class ShownOutputs extends Outputs {
  readonly #show: (line: string) => void;

  constructor(show: (line: string) => void) {
    super();
    this.#show = show;
  }

  override add(what: string, value: unknown): void {
    if (/^a (?:log )?line of /.test(what)) this.#show(`  · ${cellOf(String(value))}`);
  }
}

/** Builds and runs a plugin, anew at each save; a save while it runs ends that run. */
export class DevLoop {
  readonly #parts: DevParts;
  #running: { readonly ended: Promise<void>; readonly controller: AbortController } | undefined;
  #wantedMs: number | undefined;
  #isLooping = false;

  constructor(parts: DevParts) {
    this.#parts = parts;
  }

  /** Something was saved: the plugin is run with it, once what runs now has ended. */
  async saved(atMs: number): Promise<void> {
    this.#wantedMs ??= atMs;
    this.#running?.controller.abort();
    if (this.#isLooping) return;
    this.#isLooping = true;
    while (this.#wantedMs !== undefined) {
      const startMs = this.#wantedMs;
      this.#wantedMs = undefined;
      const controller = new AbortController();
      const ended = this.#turn(startMs, controller.signal);
      this.#running = { ended, controller };
      await ended;
    }
    this.#isLooping = false;
  }

  /** Ends what runs. */
  async stop(): Promise<void> {
    this.#wantedMs = undefined;
    this.#running?.controller.abort();
    await this.#running?.ended;
  }

  /** One build and run; what the author can put right is shown and waits for the next save. */
  async #turn(startMs: number, signal: AbortSignal): Promise<void> {
    const { show, folder, console: link } = this.#parts;
    try {
      const built = await buildPlugin(folder);
      if (signal.aborted) return;
      show(`\n${built.manifest.id} ${built.manifest.version}`);
      const running = (): void => show(`  running ${Math.round(performance.now() - startMs)} ms after the save`);
      await this.#run(built, signal, running);
      if (link !== undefined && !signal.aborted) for (const line of await link.deliver(built)) show(`→ ${line}`);
    } catch (error) {
      const isExpected = error instanceof KitError || error instanceof BundleRefused || error instanceof CallFailed;
      if (!isExpected) throw error;
      show(`✗ ${error.message}`);
    }
  }

  async #run(built: BuiltPlugin, signal: AbortSignal, running: () => void): Promise<void> {
    const { config, show, width } = this.#parts;
    const fixtures =
      config === undefined
        ? await readFixtures(join(built.project.folder, 'fixtures'))
        : await this.#live(built, config);
    await inFile(built.code, async (bundle) => {
      const outputs = new ShownOutputs(show);
      const live = config === undefined ? {} : { live: {} };
      await using bench = new Bench({ plugin: built, fixtures, bundle, outputs, ...live });
      let isFirst = true;
      await tryPlugin(bench, {
        show,
        width,
        signal,
        running: () => {
          if (isFirst) running();
          isFirst = false;
        },
      });
    });
  }

  async #live(built: BuiltPlugin, config: string): Promise<Fixtures> {
    const connection = await readLiveConnection(config, built.description, Temporal.Now.instant());
    return liveFixtures(built.project.folder, connection);
  }
}

/** Nothing to play: only the connection. */
function liveFixtures(folder: string, connection: Fixtures['connections'][number]): Fixtures {
  return { folder, connections: [connection], exchanges: [], actions: [], webhooks: [], faults: {} };
}
