import { reportEntrySchema, sha256Hex, canonicalJson, type StreamName } from '@bailiwick/agent-protocol';
import { pause, type AgentClock } from './clock.ts';
import { readIfThere, replaceFile } from './durable-file.ts';
import { collectInventory } from './inventory-collector.ts';
import { machineFiles, type MachineFiles } from './machine-files.ts';
import { MetricsCollector } from './metrics-collector.ts';
import { collectServices } from './services-collector.ts';
import { collectSoftware } from './software-collector.ts';
import { commandRunner, type RunCommand } from './run-command.ts';
import type { Spool } from './spool.ts';
import type { StateFolder } from './state-folder.ts';
import { collectUpdates } from './updates-collector.ts';

type Picture = 'inventory' | 'software' | 'services' | 'updates';

/** How often each picture is looked at; it is sent when it changed, and at least once a day. */
const EVERY_MS: Readonly<Record<Picture, number>> = {
  inventory: 15 * 60_000,
  services: 5 * 60_000,
  software: 60 * 60_000,
  updates: 60 * 60_000,
};
const RESEND_HOURS = 24;

interface CollectionParts {
  readonly state: StateFolder;
  readonly spool: Spool;
  readonly clock: AgentClock;
  readonly agentVersion: string;
  readonly files?: MachineFiles;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Looks at the machine and puts what it sees into the spool. A part that cannot be read is said in the log, and does not stop the others. */
export class Collection {
  readonly #parts: CollectionParts;
  readonly #files: MachineFiles;
  readonly #metrics: MetricsCollector;
  readonly #run: RunCommand;
  readonly #sentFile: string;
  #sent: Partial<Record<Picture, { hash: string; at: string }>>;

  constructor(parts: CollectionParts) {
    this.#parts = parts;
    this.#files = parts.files ?? machineFiles();
    this.#run = commandRunner(parts.signal);
    this.#metrics = new MetricsCollector(this.#files);
    this.#sentFile = parts.state.file('pictures.json');
    this.#sent = readSent(this.#sentFile);
  }

  /** Runs until the signal ends. */
  async run(intervalSeconds: () => number): Promise<void> {
    const { signal } = this.#parts;
    const pictures = (Object.keys(EVERY_MS) as Picture[]).map(async (picture) => {
      while (!signal.aborted) {
        await this.#look(picture, { isForced: false });
        await pause(EVERY_MS[picture], signal);
      }
    });
    await Promise.all([this.#sample(intervalSeconds, signal), ...pictures]);
  }

  /** Looks at everything but the metrics again and sends it, changed or not. */
  async refresh(): Promise<void> {
    for (const picture of Object.keys(EVERY_MS) as Picture[]) await this.#look(picture, { isForced: true });
  }

  async #sample(intervalSeconds: () => number, signal: AbortSignal): Promise<void> {
    this.#metrics.collect({ spoolBytes: 0, memoryBytes: 0 });
    // The first rates come soon, so that a fresh machine shows its charts while its administrator still looks.
    await pause(Math.min(2_000, intervalSeconds() * 1000), signal);
    while (!signal.aborted) {
      const samples = this.#metrics.collect({
        spoolBytes: this.#parts.spool.bytes,
        memoryBytes: process.memoryUsage.rss(),
      });
      this.#append('metrics', samples);
      await pause(intervalSeconds() * 1000, signal);
    }
  }

  async #look(picture: Picture, { isForced }: { isForced: boolean }): Promise<void> {
    const { clock, log } = this.#parts;
    try {
      const data = await this.#collect(picture);
      // A command that was ended with the agent says nothing about the machine.
      if (data === undefined || this.#parts.signal.aborted) return;
      const hash = sha256Hex(canonicalJson(lasting(data)));
      const before = this.#sent[picture];
      const isDue =
        before === undefined ||
        Temporal.Instant.compare(clock.now(), Temporal.Instant.from(before.at).add({ hours: RESEND_HOURS })) >= 0;
      if (!isForced && before?.hash === hash && !isDue) return;
      if (!this.#append(picture, data)) return;
      this.#sent = { ...this.#sent, [picture]: { hash, at: clock.now().toString() } };
      replaceFile(this.#sentFile, JSON.stringify(this.#sent), { isDurable: false });
    } catch (error) {
      log(`${picture} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #collect(picture: Picture): Promise<object | undefined> {
    const { clock, agentVersion } = this.#parts;
    switch (picture) {
      case 'inventory':
        return collectInventory(this.#files, clock, this.#run, agentVersion);
      case 'software':
        return collectSoftware(this.#run);
      case 'services':
        return collectServices(this.#files, this.#run);
      case 'updates':
        return collectUpdates(this.#files, clock, this.#run);
    }
  }

  /** Checks by the protocol before it is spooled: the server would refuse it later, and nobody would see why. */
  #append(stream: StreamName, data: object): boolean {
    const { spool, clock, log } = this.#parts;
    const at = clock.now();
    const checked = reportEntrySchema.safeParse({
      stream,
      epoch: '00000000-0000-4000-8000-000000000000',
      sequence: 1,
      at: at.toString(),
      data,
    });
    if (!checked.success) {
      const issue = checked.error.issues[0];
      log(`${stream} is not as the protocol wants it: ${issue?.path.join('.')} ${issue?.message}`);
      return false;
    }
    spool.append(stream, at, data);
    return true;
  }
}

/** What of a picture tells that something changed: not the space in use, the process numbers, the moment of the look. */
function lasting(data: object): unknown {
  const volatile = new Set(['usedBytes', 'availableBytes', 'mainPid', 'checkedAt', 'bootedAt']);
  return JSON.parse(JSON.stringify(data, (key: string, value: unknown) => (volatile.has(key) ? undefined : value)));
}

function readSent(path: string): Partial<Record<Picture, { hash: string; at: string }>> {
  try {
    return JSON.parse(readIfThere(path) ?? '{}') as Partial<Record<Picture, { hash: string; at: string }>>;
  } catch {
    return {};
  }
}
