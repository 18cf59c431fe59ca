import pg from 'pg';
import type { LiveChange, LiveHub, LiveRelay } from './live.ts';
import type { Logger } from './log.ts';

const CHANNEL = 'bailiwick_live';
/** NOTIFY carries at most 8,000 bytes; a change is about 230. */
const CHANGES_PER_NOTIFY = 30;
const RECONNECT_MS = 2000;

/** Carries live changes between processes by LISTEN and NOTIFY. Needs a connection that is a session, so not one through a pooler in transaction mode. */
export class PostgresLiveRelay implements LiveRelay {
  readonly #connectionString: string;
  readonly #hub: LiveHub;
  readonly #log: Logger;
  /** Marks our own notifications: their changes were heard here already. */
  readonly #self = crypto.randomUUID();
  #client: pg.Client | null = null;
  #isStopped = false;

  constructor(options: { connectionString: string; hub: LiveHub; log: Logger }) {
    this.#connectionString = options.connectionString;
    this.#hub = options.hub;
    this.#log = options.log;
  }

  async start(): Promise<void> {
    this.#hub.connect(this);
    await this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#client?.end().catch(() => {});
  }

  publish(changes: readonly LiveChange[]): void {
    for (let from = 0; from < changes.length; from += CHANGES_PER_NOTIFY) {
      const payload = JSON.stringify([this.#self, ...changes.slice(from, from + CHANGES_PER_NOTIFY)]);
      this.#client
        ?.query('select pg_notify($1, $2)', [CHANNEL, payload])
        .catch((error: unknown) => this.#log.warn({ err: error }, 'live changes were not relayed'));
    }
  }

  async #connect(): Promise<void> {
    if (this.#isStopped) return;
    const client = new pg.Client({
      connectionString: this.#connectionString,
      application_name: 'bailiwick live',
      keepAlive: true,
    });
    client.on('error', () => {});
    client.on('end', () => {
      if (this.#client !== client) return;
      this.#client = null;
      setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
    });
    client.on('notification', ({ payload }) => this.#receive(payload));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#client = client;
    } catch (error) {
      this.#log.warn({ err: error }, 'live changes of other processes are not heard for now');
      setTimeout(() => void this.#connect(), RECONNECT_MS).unref();
    }
  }

  #receive(payload: string | undefined): void {
    const [sender, ...changes] = JSON.parse(payload ?? '[]') as [string, ...LiveChange[]];
    if (sender === this.#self) return;
    for (const change of changes) this.#hub.receive(change);
  }
}
