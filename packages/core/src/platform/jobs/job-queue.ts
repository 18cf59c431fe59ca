import { PgBoss, type Job } from 'pg-boss';
import type { z } from 'zod';
import type { PublishedEvent, EventDefinition } from '#kernel/event';
import { newId, type MspId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** A kind of background work. Payloads carry ids and travel with the MSP that they belong to. */
export interface JobDefinition<Payload> {
  /** `module.verb-noun`. */
  readonly name: string;
  readonly payload: z.ZodType<Payload>;
  /** True where a person waits for the result: workers are then woken at once instead of polling. */
  readonly isAwaited?: boolean;
  readonly retryLimit?: number;
  /** How many run side by side in each worker process, one where absent; for work that mostly waits for others. */
  readonly concurrency?: number;
  /** Cron text (UTC) for work that comes back; each tick sends one job for each MSP. */
  readonly cron?: string;
}

/** Defines a job; the value is both what a sender sends and what a worker registers for. */
export function defineJob<Payload>(definition: JobDefinition<Payload>): JobDefinition<Payload> {
  return definition;
}

/** What travels in the queue. */
export interface JobEnvelope {
  readonly mspId: MspId;
  readonly payload: unknown;
  readonly event?: { readonly eventId: string; readonly aggregateId: string; readonly version: number };
}

export interface QueueOptions {
  readonly isAwaited: boolean;
  readonly retryLimit: number;
}

const DEFAULT_RETRIES = 5;

/** pg-boss, seen as what we use of it: jobs that are sent in the caller's transaction, and events as one queue for each subscriber. */
export class JobQueue {
  readonly #boss: PgBoss;
  readonly #report: (error: unknown) => void;
  #isStopping = false;
  readonly #subscribers = new Map<string, string[]>();

  constructor(boss: PgBoss, onError: (error: unknown) => void) {
    this.#boss = boss;
    // What a stopping queue meets on its last connections is no news.
    this.#report = (error) => (this.#isStopping ? undefined : onError(error));
    boss.on('error', this.#report);
  }

  /** Names the queue that an event goes to for one handler. */
  static eventQueue(event: EventDefinition, handler: string): string {
    return `${event.name}/${handler}`;
  }

  subscribe(event: EventDefinition, handler: string): string {
    const queue = JobQueue.eventQueue(event, handler);
    this.#subscribers.set(event.name, [...(this.#subscribers.get(event.name) ?? []), queue]);
    return queue;
  }

  async createQueue(name: string, options: Partial<QueueOptions> = {}): Promise<void> {
    const settings = {
      retryLimit: options.retryLimit ?? DEFAULT_RETRIES,
      retryBackoff: true,
      retryDelay: 2,
      expireInSeconds: 900,
      retentionSeconds: 14 * 24 * 3600,
      notify: options.isAwaited ?? false,
    };
    await this.#boss.createQueue(name, settings);
    await this.#boss.updateQueue(name, settings);
  }

  /**
   * Sends a job in the caller's transaction: it exists exactly if the transaction commits. `singletonKey` keeps at most one
   * waiting job of that key; `startAfter` delays it.
   */
  async send<Payload>(
    tx: AnyTransaction,
    job: JobDefinition<Payload>,
    payload: Payload,
    options: { startAfter?: Temporal.Instant; singletonKey?: string } = {},
  ): Promise<void> {
    const envelope: JobEnvelope = { mspId: tx.scope.mspId, payload };
    this.#insert(tx, job.name, envelope, options);
  }

  /** Publishes an event in the caller's transaction: one job for each subscriber, and none where nobody listens. */
  async publish<Payload>(
    tx: AnyTransaction,
    event: EventDefinition<string, Payload>,
    about: { aggregateId: string; version: number },
    payload: Payload,
  ): Promise<void> {
    const eventId = newId();
    for (const queue of this.#subscribers.get(event.name) ?? []) {
      const envelope: JobEnvelope = { mspId: tx.scope.mspId, payload, event: { eventId, ...about } };
      this.#insert(tx, queue, envelope, {});
    }
  }

  /** Publishes many events of one kind in the caller's transaction: one statement for each subscriber, however many there are. */
  async publishAll<Payload>(
    tx: AnyTransaction,
    event: EventDefinition<string, Payload>,
    items: readonly { aggregateId: string; version: number; payload: Payload }[],
  ): Promise<void> {
    if (items.length === 0) return;
    const events = items.map(({ payload, ...about }) => ({ payload, event: { eventId: newId(), ...about } }));
    for (const queue of this.#subscribers.get(event.name) ?? [])
      await this.#boss.insert(
        queue,
        events.map((item) => ({
          data: { mspId: tx.scope.mspId, ...item } satisfies JobEnvelope,
          group: { id: tx.scope.mspId },
        })),
        { db: { executeSql: async (text, values) => ({ rows: await tx.sql(text, values ?? []) }) } },
      );
  }

  #insert(
    tx: AnyTransaction,
    queue: string,
    envelope: JobEnvelope,
    options: { startAfter?: Temporal.Instant; singletonKey?: string },
  ): void {
    const sent = {
      db: { executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.sql(text, values ?? []) }) },
      group: { id: envelope.mspId },
      ...(options.startAfter === undefined ? {} : { startAfter: options.startAfter.toString() }),
      ...(options.singletonKey === undefined ? {} : { singletonKey: `${envelope.mspId}:${options.singletonKey}` }),
    };
    tx.beforeCommit(async () => void (await this.#boss.send(queue, envelope, sent)));
  }

  /** Starts a worker. `handle` gets one job at a time; an error puts that job back for a retry and leaves its neighbours alone. */
  async work(
    queue: string,
    handle: (envelope: JobEnvelope) => Promise<void>,
    options: { concurrency?: number } = {},
  ): Promise<void> {
    await this.#boss.work<JobEnvelope>(
      queue,
      {
        // Side by side means one each: a batch would be worked through one after another.
        batchSize: options.concurrency === undefined ? 20 : 1,
        pollingIntervalSeconds: 1,
        localConcurrency: options.concurrency ?? 1,
        perJobResults: true,
      },
      async (jobs: Job<JobEnvelope>[]) => {
        const results = [];
        for (const job of jobs) {
          try {
            await handle(job.data);
            results.push({ id: job.id, status: 'completed' as const });
          } catch (error) {
            this.#report(error);
            results.push({
              id: job.id,
              status: 'failed' as const,
              output: { message: error instanceof Error ? error.message : String(error) },
            });
          }
        }
        return results;
      },
    );
  }

  /** Runs `tick` by cron (UTC), once over all workers. */
  async schedule(name: string, cron: string, tick: () => Promise<void>): Promise<void> {
    await this.createQueue(name, { retryLimit: 0 });
    await this.#boss.schedule(name, cron, null, { tz: 'UTC' });
    await this.#boss.work(name, { pollingIntervalSeconds: 2 }, async () => tick());
  }

  /** Sends a job outside any transaction, for sweeps that start one job for each MSP. */
  async sendFor<Payload>(mspId: MspId, job: JobDefinition<Payload>, payload: Payload): Promise<void> {
    const envelope: JobEnvelope = { mspId, payload };
    await this.#boss.send(job.name, envelope, { singletonKey: mspId, group: { id: mspId } });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#boss.stop({ graceful: true, timeout: 15_000 });
  }
}

/** Reads an event out of its envelope, checked against the definition. */
export function readEvent<Payload>(
  definition: EventDefinition<string, Payload>,
  envelope: JobEnvelope,
): PublishedEvent<Payload> {
  if (envelope.event === undefined) throw new TypeError(`A job of ${definition.name} carries no event.`);
  return { ...envelope.event, payload: definition.payload.parse(envelope.payload) };
}

/** Connects pg-boss as the application: the owner has made its schema. */
export async function openJobQueue(options: {
  connectionString: string;
  directUrl?: string;
  onError: (error: unknown) => void;
}): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: options.directUrl ?? options.connectionString,
    max: 6,
    migrate: false,
    createSchema: false,
    useListenNotify: options.directUrl !== undefined,
    application_name: 'bailiwick jobs',
  });
  const queue = new JobQueue(boss, options.onError);
  await boss.start();
  return queue;
}
