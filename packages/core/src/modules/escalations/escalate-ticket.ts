import type { ClientId, Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { StaffId } from '#modules/identity';
import type { TellStaff } from '#modules/notices';
import type { StayWarning, StayWarningQueries } from '#modules/ola';
import type { Warning, WarningQueries } from '#modules/sla';
import type { MspQueries } from '#modules/tenancy';
import type { TicketId, TicketQueries, UpdateTicket } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import { bodyOf, titleOf, type WarnedTicket } from './warning-words.ts';

interface Deps {
  readonly db: ScopedDb;
  readonly warnings: WarningQueries;
  readonly stayWarnings: StayWarningQueries;
  readonly tickets: TicketQueries;
  readonly update: UpdateTicket;
  readonly tell: TellStaff;
  readonly mailer: Mailer;
  readonly msp: MspQueries;
  readonly publicUrl: string | null;
}

type AnyWarning = Warning | StayWarning;

interface StaffTables {
  identity_staff: { id: StaffId; name: string; email: string; removed_at: Temporal.Instant | null };
}

/** Does what a warning's policy says: tells people, in the console and by mail, and raises, moves or assigns the ticket. */
export class EscalateTicket {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Of a promise to a client. All or nothing, and once: a person is told of a warning once, and the ticket is changed in the same transaction. */
  async run(
    scope: TenantScope,
    { warningId, ...of }: { ticketId: TicketId; clientId: ClientId; warningId: Id<'sla-warning'> },
  ): Promise<void> {
    await this.#deps.db.transaction(scope, async (tx) => {
      const warning = await this.#deps.warnings.get(tx.scope, warningId);
      if (warning !== null) await this.#escalate(tx, of, warning, `sla-warning:${warningId}`);
    });
  }

  /** Of a ticket's time with a team; nothing once it has left the team. Otherwise as `run`. */
  async ofStay(
    scope: TenantScope,
    { warningId, ...of }: { ticketId: TicketId; clientId: ClientId; warningId: Id<'ola-warning'> },
  ): Promise<void> {
    await this.#deps.db.transaction(scope, async (tx) => {
      const warning = await this.#deps.stayWarnings.get(tx.scope, warningId);
      if (warning !== null) await this.#escalate(tx, of, warning, `ola-warning:${warningId}`);
    });
  }

  async #escalate(
    tx: AnyTransaction,
    { ticketId, clientId }: { ticketId: TicketId; clientId: ClientId },
    warning: AnyWarning,
    key: string,
  ): Promise<void> {
    const row = await this.#deps.tickets.row(tx.scope, ticketId);
    if (!row.is_open) return;
    await this.#act(tx, row, warning);
    const about = { number: row.number, subject: row.subject, priority: row.priority };
    const told = await this.#deps.tell.run(tx, {
      staffIds: recipients(warning, row.assignee_id),
      clientId,
      key,
      kind: 'warning',
      title: titleOf(about, warning),
      body: bodyOf(warning),
      path: `/tickets/${row.number}`,
    });
    await this.#mail(tx, { told, clientId, about, warning });
  }

  async #act(
    tx: AnyTransaction,
    row: { id: TicketId; version: number; priority: number },
    { step }: AnyWarning,
  ): Promise<void> {
    const change = {
      ...(step.raisePriority && row.priority > 1 ? { priority: HIGHER[row.priority] ?? (1 as const) } : {}),
      ...(step.queueId === null ? {} : { queueId: step.queueId }),
      ...(step.assigneeId === null ? {} : { assigneeId: step.assigneeId }),
    };
    if (Object.keys(change).length === 0) return;
    await this.#deps.update.run(tx.scope, { ticketId: row.id, version: row.version, ...change }, tx);
  }

  async #mail(
    tx: AnyTransaction,
    {
      told,
      clientId,
      about,
      warning,
    }: { told: readonly StaffId[]; clientId: ClientId; about: WarnedTicket; warning: AnyWarning },
  ): Promise<void> {
    if (told.length === 0) return;
    const { mailer, msp, publicUrl } = this.#deps;
    const people = await tx
      .typed<StaffTables>()
      .query.selectFrom('identity_staff')
      .select(['email', 'name'])
      .where('id', 'in', told)
      .where('removed_at', 'is', null)
      .execute();
    const { name: fromName } = await msp.get(tx.scope);
    const link = publicUrl === null ? [] : ['', new URL(`/tickets/${about.number}`, publicUrl).href];
    for (const { email, name } of people)
      await mailer.send(tx, {
        clientId,
        purpose: 'escalations.sla-warning',
        to: [{ address: email, name }],
        fromName,
        subject: titleOf(about, warning),
        text: [bodyOf(warning), ...link].join('\n'),
      });
  }
}

const HIGHER: Readonly<Record<number, 1 | 2 | 3>> = { 2: 1, 3: 2, 4: 3 };

function recipients({ step, leadIds, onCallIds }: AnyWarning, assigneeId: StaffId | null): StaffId[] {
  return [
    ...(step.notify.includes('assignee') && assigneeId !== null ? [assigneeId] : []),
    ...(step.notify.includes('lead') ? leadIds : []),
    ...(step.notify.includes('on-call') ? onCallIds : []),
  ];
}
