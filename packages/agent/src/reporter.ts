import { LIMITS, type HelloRequest, type StreamName } from '@bailiwick/agent-protocol';
import { Backoff, pause } from './clock.ts';
import { ServerRefusal, type ServerClient } from './server-client.ts';
import type { Spool } from './spool.ts';

interface ReporterParts {
  readonly client: ServerClient;
  readonly spool: Spool;
  readonly self: () => Pick<HelloRequest, 'hostname' | 'bootId' | 'orderPolicy'>;
  readonly log: (message: string) => void;
  /** Told after each try: undefined when it went well. */
  readonly onTry: (error: ServerRefusal | undefined) => void;
  readonly backoff?: Backoff;
}

/** What a person waits for leaves after this, not at the next interval; a little later, so that many lines go together. */
const URGENT_DELAY_MS = 150;

const METRICS: StreamName = 'metrics';

/** Only a person can help against these; the agent asks seldom and waits. */
const HOPELESS = new Set(['agent.revoked', 'agent.quarantined', 'agent.copied-key', 'agent.unknown']);
const HOPELESS_PAUSE_MS = 300_000;

/** Brings the spool to the server, in order, without doubles, however often the way breaks. */
export class Reporter {
  readonly #parts: ReporterParts;
  readonly #backoff: Backoff;
  #wake: () => void = () => {};
  #isUrgent = false;
  #batchEntries: number = LIMITS.entriesPerReport;
  #intervalSeconds = 30;

  constructor(parts: ReporterParts) {
    this.#parts = parts;
    this.#backoff = parts.backoff ?? new Backoff();
    parts.spool.onAppend((stream) => {
      if (stream !== METRICS) this.hurry();
    });
  }

  /** As the server last asked for. */
  get intervalSeconds(): number {
    return this.#intervalSeconds;
  }

  /** Sends what waits at once; with no run open, begins one. */
  hurry(): void {
    this.#isUrgent = true;
    this.#wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    // Something to send is there a moment after the start; later the interval gives the beat.
    let waitMs = 2_500;
    while (!signal.aborted) {
      try {
        await this.flush(signal);
        this.#backoff.reset();
        this.#parts.onTry(undefined);
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServerRefusal)) throw error;
        this.#parts.onTry(error);
        waitMs = HOPELESS.has(error.code) ? HOPELESS_PAUSE_MS : this.#backoff.nextMs();
        this.#parts.client.closeRun();
        await pause(waitMs, signal);
        waitMs = 0;
        continue;
      }
      if (!this.#isUrgent && waitMs > 0) await this.#waitForWork(waitMs, signal);
      if (this.#isUrgent) await pause(URGENT_DELAY_MS, signal);
      waitMs = this.#intervalSeconds * 1000;
    }
  }

  /** Sends all that waits, beginning a run where none is open. Throws `ServerRefusal`. */
  async flush(signal: AbortSignal): Promise<void> {
    const { client, spool, self } = this.#parts;
    if (!client.isRunOpen) {
      const answer = await client.hello(self(), signal);
      spool.reconcile(answer.marks);
      this.#intervalSeconds = answer.reportIntervalSeconds;
    }
    this.#isUrgent = false;
    while (!signal.aborted && (await this.#sendBatch(signal)));
  }

  /** One request; false when nothing waits. */
  async #sendBatch(signal: AbortSignal): Promise<boolean> {
    const { client, spool, log } = this.#parts;
    const batch = spool.batch({ entries: this.#batchEntries, bytes: LIMITS.batchBytes });
    const [first] = batch;
    if (first === undefined) return false;
    try {
      const answer = await client.report(batch, signal);
      spool.acknowledge(answer.marks);
      this.#intervalSeconds = answer.reportIntervalSeconds;
      for (const refused of answer.refused)
        log(`The server refused entry ${refused.sequence} of ${refused.stream}: ${refused.message}`);
      this.#batchEntries = LIMITS.entriesPerReport;
      // A server that takes nothing of what it answers well would be asked for ever.
      if (!answer.marks.some((mark) => mark.stream === first.stream && mark.sequence >= first.sequence)) {
        throw new ServerRefusal(200, 'agent.strange-answer', 'The server acknowledged nothing of what was sent.');
      }
    } catch (error) {
      if (!(error instanceof ServerRefusal) || !error.isAboutContents) throw error;
      if (batch.length > 1) this.#batchEntries = Math.ceil(batch.length / 2);
      else {
        log(`Entry ${first.sequence} of ${first.stream} is dropped, the server will never take it: ${error.message}`);
        spool.acknowledge([{ stream: first.stream, epoch: first.epoch, sequence: first.sequence }]);
      }
    }
    return true;
  }

  #waitForWork(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    return pause(milliseconds, AbortSignal.any([signal, woken.signal]));
  }
}
