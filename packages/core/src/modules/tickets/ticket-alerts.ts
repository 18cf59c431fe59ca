import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { OpenTicket } from './open-ticket.ts';
import { isOpen, type Level, type Priority } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import { matchingRule, type AlertRule } from './ticket-alert-rule.ts';
import { TICKET_COLUMNS, type TicketRow, type TicketStore } from './ticket-store.ts';
import type { AlertSeverity, TicketId, TicketTables } from './ticket-table.ts';

/** As much of an alert as becomes a ticket. */
export interface RaisedAlert {
  readonly alertId: string;
  readonly clientId: ClientId;
  readonly assetId: AssetId | null;
  /** One open alert, and so one open ticket, a fingerprint. */
  readonly fingerprint: string;
  readonly severity: AlertSeverity;
  readonly title: string;
  readonly text: string;
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly open: OpenTicket;
  readonly clock: Clock;
}

type Tx = ScopedTransaction<TicketTables>;

/** A ticket that closed itself is opened again by the same alert within this time; later it is a new story. */
const REOPEN_WITHIN = Temporal.Duration.from({ hours: 24 });

const URGENCY: Readonly<Record<AlertSeverity, { impact: Level; urgency: Level }>> = {
  critical: { impact: 1, urgency: 2 },
  warning: { impact: 2, urgency: 2 },
  info: { impact: 3, urgency: 3 },
};

/**
 * Makes tickets of alerts and closes them again. Events may come twice, late, or in the wrong order: what is known of each alert is a row, written under a
 * lock of its fingerprint.
 */
export class TicketAlerts {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Opens a ticket by the first rule that wants one, joins the open one of the fingerprint, or re-opens what closed itself. Null where no rule wants a ticket, or the alert is over already. */
  async raised(scope: TenantScope, alert: RaisedAlert): Promise<TicketId | null> {
    return this.#db.transaction(scope, async (tx) => {
      await lockFingerprint(tx, alert);
      const known = await alertRow(tx, alert.alertId);
      if (known?.recovered_at) return null;
      const rule = matchingRule(await this.#rules(tx), alert);
      if (rule === null && (known?.ticket_id ?? null) === null) return null;
      const ticketId =
        (await this.#joinTicket(tx, alert, known?.raised_at ?? null)) ?? (await this.#open(tx, alert, rule));
      const row = {
        fingerprint: alert.fingerprint,
        ticket_id: ticketId,
        rule_id: rule?.id ?? null,
        raised_at: this.#deps.clock.now(),
      };
      await tx.query
        .insertInto('ticket_alert')
        .values({ msp_id: scope.mspId, client_id: alert.clientId, alert_id: alert.alertId, recovered_at: null, ...row })
        .onConflict((conflict) => conflict.columns(['msp_id', 'alert_id']).doUpdateSet(row))
        .execute();
      return ticketId;
    });
  }

  /** Closes the alert's ticket where no person has touched it and no other alert holds it open; else notes on it. Told before the raising, it keeps a ticket from being opened. */
  async recovered(scope: TenantScope, alert: Pick<RaisedAlert, 'alertId' | 'clientId' | 'fingerprint'>): Promise<void> {
    const { store, changer, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      await lockFingerprint(tx, alert);
      const known = await alertRow(tx, alert.alertId);
      if (known?.recovered_at) return;
      const now = clock.now();
      await tx.query
        .insertInto('ticket_alert')
        .values({
          msp_id: scope.mspId,
          client_id: alert.clientId,
          alert_id: alert.alertId,
          fingerprint: alert.fingerprint,
          ticket_id: null,
          rule_id: null,
          raised_at: null,
          recovered_at: now,
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'alert_id']).doUpdateSet({ recovered_at: now }))
        .execute();
      const ticketId = known?.ticket_id ?? null;
      if (ticketId === null) return;
      const ticket = await store.forChange(tx, ticketId);
      if (!isOpen(ticket.status)) return;
      const mayClose = !ticket.touched_by_person && !(await hasOpenAlert(tx, ticket));
      await this.#say(
        tx,
        ticket,
        mayClose ? 'The alert has recovered, and nobody had begun: closed.' : 'The alert has recovered.',
      );
      await changer.apply(tx, ticket, mayClose ? { status: 'closed' } : {}, [
        { kind: 'alert-recovered', to: alert.alertId },
        ...(mayClose ? [{ kind: 'status' as const, from: ticket.status, to: 'closed' }] : []),
      ]);
    });
  }

  /** Says on the fingerprint's ticket that the alert is back; null where there is no ticket to say it on. */
  async #joinTicket(tx: Tx, alert: RaisedAlert, raisedBefore: Temporal.Instant | null): Promise<TicketId | null> {
    const latest = await latestTicket(tx, alert);
    if (latest === undefined) return null;
    const now = this.#deps.clock.now();
    const closedAt = latest.closed_at ?? latest.resolved_at;
    const isRecent = closedAt !== null && Temporal.Instant.compare(closedAt.add(REOPEN_WITHIN), now) >= 0;
    const wasClosedByItself = !isOpen(latest.status) && !latest.touched_by_person && isRecent;
    if (!isOpen(latest.status) && !wasClosedByItself) return null;
    // The same alert, told twice by the queue, is not news.
    if (isOpen(latest.status) && raisedBefore !== null) return latest.id;
    const status = isOpen(latest.status) ? latest.status : ('new' as const);
    await this.#say(tx, latest, `Raised again: ${alert.title}\n\n${alert.text}`.trim());
    await this.#deps.changer.apply(tx, latest, { status }, [
      { kind: 'alert-raised', to: alert.alertId },
      ...(status === latest.status ? [] : [{ kind: 'status' as const, from: latest.status, to: status }]),
    ]);
    return latest.id;
  }

  async #open(tx: Tx, alert: RaisedAlert, rule: AlertRule | null): Promise<TicketId> {
    const priority = rule?.priority ?? null;
    const queueId = rule?.queue_id ?? null;
    const { ticketId } = await this.#deps.open.run(
      tx.scope,
      {
        clientId: alert.clientId,
        type: 'incident',
        subject: alert.title.slice(0, 200).toWellFormed(),
        ...(alert.text === '' ? {} : { body: alert.text }),
        ...URGENCY[alert.severity],
        ...(priority === null ? {} : { priority: priority satisfies Priority }),
        ...(queueId === null ? {} : { queueId }),
        ...(alert.assetId === null ? {} : { assetId: alert.assetId }),
      },
      tx,
      'alert',
    );
    return ticketId;
  }

  async #say(tx: Tx, ticket: TicketRow, body: string): Promise<void> {
    await this.#deps.store.insertComment(tx, {
      ticketId: ticket.id,
      clientId: ticket.client_id,
      visibility: 'internal',
      words: { body, html: null, foldedHtml: null, foldedText: null },
      at: this.#deps.clock.now(),
    });
  }

  /** The MSP's rules in their order. An MSP that never had one gets the default: whatever is critical. */
  async #rules(tx: Tx): Promise<AlertRule[]> {
    await tx.query
      .insertInto('ticket_alert_rule')
      .values({
        msp_id: tx.scope.mspId,
        id: newId<'ticket-alert-rule'>(),
        name: 'Critical alerts of every client',
        place: 1000,
        is_default: true,
        min_severity: 'critical',
        queue_id: null,
        priority: null,
        created_at: this.#deps.clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return tx.query
      .selectFrom('ticket_alert_rule')
      .selectAll()
      .where('is_active', '=', true)
      .orderBy('place')
      .orderBy('id')
      .execute();
  }
}

/** Two events of one fingerprint wait for each other; others do not. */
async function lockFingerprint(tx: Tx, alert: { clientId: string; fingerprint: string }): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 7))', [
    `ticket-alert:${tx.scope.mspId}:${alert.clientId}:${alert.fingerprint}`,
  ]);
}

async function alertRow(tx: Tx, alertId: string) {
  return tx.query.selectFrom('ticket_alert').selectAll().where('alert_id', '=', alertId).executeTakeFirst();
}

async function latestTicket(tx: Tx, alert: RaisedAlert): Promise<TicketRow | undefined> {
  const ids = tx.query
    .selectFrom('ticket_alert')
    .select('ticket_id')
    .where('client_id', '=', alert.clientId)
    .where('fingerprint', '=', alert.fingerprint)
    .where('ticket_id', 'is not', null);
  return tx.query
    .selectFrom('ticket')
    .select(TICKET_COLUMNS)
    .where('id', 'in', ids as never)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

async function hasOpenAlert(tx: Tx, ticket: TicketRow): Promise<boolean> {
  const other = await tx.query
    .selectFrom('ticket_alert')
    .select('alert_id')
    .where('client_id', '=', ticket.client_id)
    .where('ticket_id', '=', ticket.id)
    .where('recovered_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}
