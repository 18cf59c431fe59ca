import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { OpenApprovals } from '#modules/ticket-merging';
import {
  canBecome,
  ticketLabel,
  type CommentOnTicket,
  type TicketId,
  type TicketQueries,
  type UpdateTicket,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LiveHub } from '#platform/live';
import { outcomeOf } from './approval.ts';
import type { ApprovalMails } from './approval-mails.ts';
import type { ApprovalId, ApprovalTables } from './approvals-table.ts';

const REMIND_BEFORE = Temporal.Duration.from({ hours: 24 });
const BATCH = 200;

interface Deps {
  readonly db: ScopedDb;
  readonly tickets: TicketQueries;
  readonly update: UpdateTicket;
  readonly comments: CommentOnTicket;
  readonly mails: ApprovalMails;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<ApprovalTables>;

/** Draws what follows from answers and from time: the next is asked, or the approval ends and the ticket goes on. */
export class ConcludeApproval implements OpenApprovals {
  readonly #db: ScopedDb<ApprovalTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ApprovalTables>();
    this.#deps = deps;
  }

  /** After an answer. Told twice, it finds nothing more to do. */
  async answered(scope: TenantScope, approvalId: ApprovalId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const row = await forChange(tx, approvalId);
      if (row?.state !== 'pending') return;
      const steps = await tx.query
        .selectFrom('approval_step')
        .selectAll()
        .where('approval_id', '=', approvalId)
        .execute();
      const decisions = await tx.query
        .selectFrom('approval_decision')
        .selectAll()
        .where('approval_id', '=', approvalId)
        .orderBy('at')
        .execute();
      const placeOf = new Map(steps.map(({ id, place }) => [id, place]));
      const answers = decisions.map(({ step_id, answer }) => ({ place: placeOf.get(step_id) ?? 0, answer }));
      const { state, turn } = outcomeOf(row.mode, steps.length, answers);
      if (state === 'pending') {
        if (turn === row.turn) return;
        await tx.query
          .updateTable('approval')
          .set({ turn, version: row.version + 1 })
          .where('id', '=', approvalId)
          .execute();
        if (row.mode === 'sequence') await this.#deps.mails.ask(tx, approvalId);
        return;
      }
      const words = decisions.map(
        ({ by_label, answer, comment }) => `${by_label}: ${answer}${comment === '' ? '' : `, “${comment}”`}`,
      );
      await this.#end(tx, row, state, words.join('\n'));
    });
  }

  /** After the ticket went to another client: whom it asked is not that client's, so that nothing open is asked any more. Told twice, it finds nothing more to do. */
  async moved(scope: TenantScope, ticketId: TicketId): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      for (const row of await openOf(tx, ticketId)) {
        await this.#end(tx, row, 'withdrawn', 'The ticket went to another client.');
        await this.#deps.audit.record(tx, {
          action: 'approvals.withdraw-approval',
          subject: { kind: 'approval', id: row.id, clientId: row.client_id },
          summary: `Withdrew the approval ‘${row.subject}’, since its ticket went to another client`,
        });
      }
    });
  }

  /**
   * Before the ticket goes on as another one: what was asked of it is not asked of that one, whose words and amount may be others. Whoever was asked is told, and their links lead nowhere.
   */
  async withdrawMerged(
    within: AnyTransaction,
    source: { readonly id: TicketId; readonly number: number },
    into: { readonly number: number },
  ): Promise<number> {
    const tx = within.typed<ApprovalTables>();
    const open = await openOf(tx, source.id);
    for (const row of open) {
      await this.#deps.mails.withdrawn(tx, row.id, ticketLabel(into.number));
      await this.#end(tx, row, 'withdrawn', `The ticket goes on as ${ticketLabel(into.number)}. Ask again there.`);
      await this.#deps.audit.record(tx, {
        action: 'approvals.withdraw-approval',
        subject: { kind: 'approval', id: row.id, clientId: row.client_id },
        summary: `Withdrew the approval ‘${row.subject}’, since ${ticketLabel(source.number)} was merged into ${ticketLabel(into.number)}`,
        isClientVisible: true,
      });
    }
    return open.length;
  }

  /** Does `approvals.sweep-approvals`: reminds once, a day before, and ends what nobody answered in time. */
  async sweep(scope: TenantScope): Promise<void> {
    const now = this.#deps.clock.now();
    const due = await this.#db.read(scope, (query) =>
      query
        .selectFrom('approval')
        .select('id')
        .where('state', '=', 'pending')
        .where('due_at', '<=', now.add(REMIND_BEFORE))
        .where((where) => where.or([where('reminded_at', 'is', null), where('due_at', '<=', now)]))
        .orderBy('due_at')
        .limit(BATCH),
    );
    for (const { id } of due)
      await this.#db.transaction(scope, async (tx) => {
        const row = await forChange(tx, id);
        if (row?.state !== 'pending' || row.due_at === null) return;
        if (Temporal.Instant.compare(row.due_at, now) <= 0) {
          await this.#end(tx, row, 'expired', 'Nobody answered in time.');
          return;
        }
        await tx.query.updateTable('approval').set({ reminded_at: now }).where('id', '=', id).execute();
        await this.#deps.mails.ask(tx, id);
      });
  }

  async #end(
    tx: Tx,
    row: NonNullable<Awaited<ReturnType<typeof forChange>>>,
    state: 'approved' | 'refused' | 'expired' | 'withdrawn',
    words: string,
  ): Promise<void> {
    const { tickets, update, comments, live, clock } = this.#deps;
    await tx.query
      .updateTable('approval')
      .set({ state, ended_at: clock.now(), version: row.version + 1 })
      .where('id', '=', row.id)
      .execute();
    const body = `The approval ‘${row.subject}’ was ${state === 'expired' ? 'not answered' : state}.\n${words}`;
    const note = { ticketId: row.ticket_id, body, fileIds: [], visibility: 'internal' as const };
    await comments.note(tx.scope, note, tx);
    const others = await tx.query
      .selectFrom('approval')
      .select('id')
      .where('ticket_id', '=', row.ticket_id)
      .where('state', '=', 'pending')
      .executeTakeFirst();
    const ticket = await tickets.row(tx.scope, row.ticket_id);
    if (others === undefined && ticket.status === 'waiting-client' && canBecome(ticket.status, 'in-progress'))
      await update.run(tx.scope, { ticketId: ticket.id, version: ticket.version, status: 'in-progress' }, tx);
    const { client_id: clientId, id, version } = row;
    live.touch(tx, { clientId, topic: 'approval', id, version: version + 1, isForContacts: true });
  }
}

/** What waits for an answer on a ticket, locked. */
async function openOf(tx: Tx, ticketId: TicketId) {
  return tx.query
    .selectFrom('approval')
    .selectAll()
    .where('ticket_id', '=', ticketId)
    .where('state', '=', 'pending')
    .orderBy('id')
    .limit(BATCH)
    .forUpdate()
    .execute();
}

async function forChange(tx: Tx, id: ApprovalId) {
  return tx.query.selectFrom('approval').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}
