import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { newId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';
import { MailSourceError, type MailSource } from '#platform/mail-sources/mail-source';
import type { MailboxId, MailInboxTables } from './mail-inbox-table.ts';
import type { MakeMailScope } from './mail-inbox-needs.ts';
import { MailboxReading } from './mailbox-reading.ts';
import type { MailboxSecrets } from './mailbox-secrets.ts';
import type { MailboxSources } from './mailbox-sources.ts';
import { needsConsent, type MailboxRow, type MailboxStore } from './mailbox-store.ts';
import type { MailboxWake } from './mailbox-wake.ts';
import type { StoreMail } from './store-mail.ts';

export interface MailboxRunnerDeps {
  readonly db: ScopedDb;
  readonly store: MailboxStore;
  readonly secrets: MailboxSecrets;
  readonly sources: MailboxSources;
  readonly storeMail: StoreMail;
  readonly live: LiveHub;
  readonly clock: Clock;
  readonly wake: MailboxWake;
  readonly makeScope: MakeMailScope;
  /** MSPs whose mail is fetched. */
  readonly listMsps: () => Promise<readonly MspId[]>;
  /** Handles what waits: mails of a worker that died have no job of their own. */
  readonly handleWaiting: (scope: TenantScope, signal: AbortSignal) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

/** How often mailboxes are looked through for changes by people, and leases made longer. */
const ROUND_MS = 5000;
/** A process that died keeps its mailboxes from others for so long. */
const LEASE = { seconds: 15 };
/** Waits between tries of a mailbox that does not work. */
const WAITS_MS = [2000, 5000, 15_000, 60_000, 300_000] as const;
/** A connection that stood this long was a good one: the next try is at once. */
const GOOD_SECONDS = 60;

interface Running {
  readonly version: number;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Keeps every active mailbox of every MSP connected, each in one process at a time. */
export class MailboxRunner {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: MailboxRunnerDeps;
  readonly #me = newId();
  readonly #running = new Map<MailboxId, Running>();
  readonly #sweeping = new Map<MspId, Promise<unknown>>();
  readonly #over = new AbortController();
  #rounds: Promise<void> | null = null;
  #wake: () => void = () => {};

  constructor(deps: MailboxRunnerDeps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  start(): void {
    this.#deps.wake.listen(() => this.#wake());
    this.#rounds ??= this.#goRound();
  }

  /** Ends every connection, and lets others have the mailboxes. What was kept is kept; the rest is still in the mailboxes. */
  async stop(): Promise<void> {
    this.#over.abort();
    this.#wake();
    await this.#rounds;
    for (const { stop } of this.#running.values()) stop.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
    await Promise.all(this.#sweeping.values());
    for (const mspId of await this.#deps.listMsps())
      await this.#db.transaction(this.#deps.makeScope(mspId), (tx) => this.#deps.store.release(tx, this.#me));
  }

  async #goRound(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        await this.#round();
      } catch (error) {
        this.#deps.onError(error);
      }
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      await Promise.race([
        sleep(ROUND_MS, undefined, { ref: false, signal: this.#over.signal }).catch(() => {}),
        woken,
      ]);
    }
  }

  async #round(): Promise<void> {
    const held = new Set<MailboxId>();
    for (const mspId of await this.#deps.listMsps()) {
      const scope = this.#deps.makeScope(mspId);
      this.#sweep(scope);
      for (const row of await this.#lease(scope)) {
        held.add(row.id);
        const running = this.#running.get(row.id);
        if (running?.version === row.version) continue;
        running?.stop.abort();
        await running?.ended;
        if (!this.#over.signal.aborted && !needsConsent(row)) this.#run(scope, row);
      }
    }
    for (const [id, running] of this.#running) if (!held.has(id)) running.stop.abort();
  }

  #sweep(scope: TenantScope): void {
    if (this.#sweeping.has(scope.mspId)) return;
    const sweeping = this.#deps
      .handleWaiting(scope, this.#over.signal)
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => this.#sweeping.delete(scope.mspId));
    this.#sweeping.set(scope.mspId, sweeping);
  }

  async #lease(scope: TenantScope): Promise<MailboxRow[]> {
    const now = this.#deps.clock.now();
    return this.#db.transaction(scope, (tx) =>
      this.#deps.store.lease(tx, { by: this.#me, now, until: now.add(LEASE) }),
    );
  }

  #run(scope: TenantScope, row: MailboxRow): void {
    const stop = new AbortController();
    const ended = this.#keepReading(scope, row, stop.signal)
      .catch((error: unknown) => this.#deps.onError(error))
      .finally(() => {
        if (this.#running.get(row.id)?.stop === stop) this.#running.delete(row.id);
      });
    this.#running.set(row.id, { version: row.version, stop, ended });
  }

  async #keepReading(scope: TenantScope, mailbox: MailboxRow, signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    for (let failures = 0; !signal.aborted;) {
      const begunAt = clock.now();
      const reading = new MailboxReading(this.#deps, scope, mailbox);
      try {
        const source = await this.#open(scope, mailbox);
        await source.run(await reading.sink(), signal);
      } catch (error) {
        // Somebody changed or removed it: the next round looks at it as it is now.
        if (signal.aborted || error instanceof ConflictError || error instanceof NotFoundError) return;
        await reading.failed(error);
        if (error instanceof MailSourceError && error.needsConsent) return;
        if (clock.now().since(begunAt).total('seconds') > GOOD_SECONDS) failures = 0;
        const wait = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)] ?? 0;
        failures += 1;
        await sleep(wait, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #open(scope: TenantScope, mailbox: MailboxRow): Promise<MailSource> {
    const { secrets, sources } = this.#deps;
    const source = sources.make({
      address: mailbox.address,
      settings: mailbox.settings,
      secrets: await this.#db.transaction(scope, (tx) => secrets.open(tx, mailbox.id)),
      onRefreshToken: (refreshToken) =>
        this.#db.transaction(scope, (tx) => secrets.set(tx, mailbox.id, { refreshToken })),
    });
    if (source === null) throw new Error(`Mailboxes of the kind ${mailbox.kind} are not read.`);
    return source;
  }
}
