import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import type { InboundQueries } from './inbound-queries.ts';
import type { InboundRow, InboundStore } from './inbound-store.ts';
import { handleMails } from './mail-inbox-jobs.ts';
import type { InboundMail, InboundMailbox, InboundMailHandler, InboundOutcome } from './mail-inbox-needs.ts';
import type { MailboxId, MailInboxTables } from './mail-inbox-table.ts';

/** How many mails one worker holds. A worker that dies keeps so many from others for the time of a lease. */
const BATCH = 20;
/** A worker that died keeps its mails from others for so long; one that lives holds them on. */
const LEASE = { seconds: 15 };
const HOLD_ON_EVERY_MS = 4000;
/** Waits after a failed try, about a day in all; then a person looks at it. */
const WAITS_SECONDS = [10, 60, 300, 1800, 7200, 28_800, 43_200] as const;

/** Two mails of one thread or one new sender, handled side by side, get into each other's way; the second is done anew at once. */
const MAX_COLLISIONS = 5;
/** PostgreSQL's unique violation, serialization failure and deadlock. */
const COLLISION_CODES: ReadonlySet<unknown> = new Set(['23505', '40001', '40P01']);

function isCollision(error: unknown): boolean {
  if (error instanceof ConflictError) return true;
  return typeof error === 'object' && error !== null && 'code' in error && COLLISION_CODES.has(error.code);
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: InboundStore;
  readonly queries: InboundQueries;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
  /** Null while nobody gave one: mails then wait. */
  readonly handler: () => InboundMailHandler | null;
}

/** Hands waiting mails to the handler: each at least once, with effect exactly once, none held up by another. Safe to run in many workers at once. */
export class HandleInbound {
  readonly #db: ScopedDb<MailInboxTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<MailInboxTables>();
    this.#deps = deps;
  }

  /** Works until nothing waits any more whose time has come, or until `signal` ends it. Answers how many mails were settled. */
  async run(scope: TenantScope, signal?: AbortSignal): Promise<number> {
    const handler = this.#deps.handler();
    if (handler === null) return 0;
    const mailboxes = new Map<MailboxId, Promise<InboundMailbox>>();
    const mailboxOf = (id: MailboxId): Promise<InboundMailbox> => {
      const known = mailboxes.get(id) ?? this.#deps.queries.mailbox(scope, id);
      mailboxes.set(id, known);
      return known;
    };
    for (let settled = 0; ;) {
      const leaseId = newId();
      const rows = await this.#claim(scope, leaseId);
      const holding = setInterval(() => void this.#holdOn(scope, leaseId), HOLD_ON_EVERY_MS);
      try {
        for (const { id, mailbox_id } of rows) {
          if (signal?.aborted === true) break;
          const mailbox = await mailboxOf(mailbox_id);
          const row = await this.#deps.store.begin(this.#db, scope, { id, leaseId });
          if (row !== undefined && (await this.#handle(scope, handler, { row, leaseId, mailbox }))) settled += 1;
        }
      } finally {
        clearInterval(holding);
      }
      if (rows.length < BATCH || signal?.aborted === true) return settled;
    }
  }

  async #claim(scope: TenantScope, leaseId: string): Promise<InboundRow[]> {
    const now = this.#deps.clock.now();
    return this.#db.transaction(scope, (tx) =>
      this.#deps.store.claim(tx, { leaseId, now, until: now.add(LEASE), limit: BATCH }),
    );
  }

  /** Where it fails, others take over, and what this worker then does has no effect. */
  async #holdOn(scope: TenantScope, leaseId: string): Promise<void> {
    const until = this.#deps.clock.now().add(LEASE);
    await this.#db.transaction(scope, (tx) => this.#deps.store.renew(tx, leaseId, until)).catch(() => {});
  }

  /** One mail. Whatever goes wrong with it stays with it. */
  async #handle(
    scope: TenantScope,
    handler: InboundMailHandler,
    held: { row: InboundRow; leaseId: string; mailbox: InboundMailbox },
  ): Promise<boolean> {
    const { row } = held;
    if (row.attempts > WAITS_SECONDS.length + 1) {
      const reason = row.reason ?? 'The worker stopped each time it tried to read this mail.';
      return this.#settle(scope, held, async () => ({ kind: 'quarantined', reason }));
    }
    for (let collisions = 0; ; collisions += 1) {
      try {
        const mail: InboundMail = await this.#deps.queries.open(scope, row, held.mailbox);
        const prepared = await handler.prepare?.(scope, mail);
        return await this.#settle(scope, held, (bound) => handler.handle(bound, mail, prepared));
      } catch (error) {
        if (collisions >= MAX_COLLISIONS || !isCollision(error)) return this.#failed(scope, held, error);
      }
    }
  }

  async #settle(
    scope: TenantScope,
    { row, leaseId }: { row: InboundRow; leaseId: string },
    decide: (scope: TenantScope) => Promise<InboundOutcome>,
  ): Promise<boolean> {
    return this.#db.transaction(scope, async (tx) => {
      if ((await this.#deps.store.held(tx, row.id, leaseId)) === undefined) return false;
      const outcome = await decide(tx.scope);
      tx.beforeCommit(() => this.#deps.store.settle(tx, row.id, outcome, this.#deps.clock.now()));
      this.#deps.live.touch(tx, {
        clientId: outcome.clientId ?? null,
        topic: 'inbound-mail',
        id: row.id,
        version: row.attempts,
      });
      return true;
    });
  }

  async #failed(scope: TenantScope, held: { row: InboundRow; leaseId: string }, error: unknown): Promise<boolean> {
    const { row, leaseId } = held;
    const reason = `It could not be handled: ${error instanceof Error ? error.message : String(error)}`;
    const wait = WAITS_SECONDS[row.attempts - 1];
    if (wait === undefined) return this.#settle(scope, held, async () => ({ kind: 'quarantined', reason }));
    const nextAttemptAt = this.#deps.clock.now().add({ seconds: wait });
    await this.#db.transaction(scope, async (tx) => {
      if ((await this.#deps.store.held(tx, row.id, leaseId)) === undefined) return;
      await this.#deps.store.wait(tx, row.id, { nextAttemptAt, reason });
      await this.#deps.jobs.send(tx, handleMails, {}, { startAfter: nextAttemptAt });
    });
    return false;
  }
}
