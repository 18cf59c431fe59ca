import { Decimal } from 'decimal.js';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { clientIdSchema, idSchema, type ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import {
  servicePeriods,
  type AgreementHolding,
  type AgreementId,
  type AgreementLineId,
  type AgreementQueries,
  type DayRange,
} from '#modules/agreements';
import type { ClientQueries, MspQueries } from '#modules/tenancy';
import type { TicketForWork, TicketId } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { blocksOfClient, drawsOf, drawView } from './block-draws.ts';
import { blockLedger, type BlockBalance } from './block-ledger.ts';

/** A block of hours as it stands in the period of now. Minutes hold hundredths where a multiplier makes some. */
export const blockView = z.object({
  agreementId: idSchema('agreement'),
  agreementName: z.string(),
  lineId: idSchema('agreement-line'),
  description: z.string(),
  /** Whole days; the last is included. */
  periodFrom: z.iso.date(),
  periodTo: z.iso.date(),
  carriedMinutes: z.number(),
  boughtMinutes: z.number(),
  usedMinutes: z.number(),
  leftMinutes: z.number(),
  overageMinutes: z.number(),
  /** What is left, by the last day on which it can be drawn; the first to lapse first. */
  lots: z.array(z.object({ minutes: z.number(), lastDay: z.iso.date() })),
});
export type BlockView = z.input<typeof blockView>;
export const agreementBlocksInput = z.object({ agreementId: idSchema('agreement') });
export const ticketBlocksInput = z.object({ ticketId: idSchema('ticket') });
export const clientBlocksInput = z.object({ clientId: clientIdSchema });
export const blocksView = z.object({ items: z.array(blockView) });
export const clientBlocksView = z.object({
  items: z.array(blockView),
  /** The last work drawn from any of them, the newest first. */
  draws: z.array(drawView),
});

type Agreement = Awaited<ReturnType<AgreementQueries['get']>>;
type Line = Agreement['lines'][number];

/** A block's periods from the agreement's first day on, with how each went. */
export interface BlockHistory {
  readonly periods: readonly DayRange[];
  readonly balances: readonly BlockBalance[];
}

interface Deps {
  readonly db: ScopedDb;
  readonly agreements: AgreementQueries;
  readonly holding: AgreementHolding;
  readonly tickets: TicketForWork;
  readonly clients: ClientQueries;
  readonly msp: MspQueries;
  readonly clock: Clock;
}

/** Says how much of hours that were bought ahead is used and left. */
export class BlockBalances {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The blocks of an agreement in the period of now; none before it begins. Throws `agreements.agreement-not-found`. */
  async ofAgreement(scope: TenantScope, agreementId: AgreementId): Promise<BlockView[]> {
    return this.#deps.db.transaction(scope, async (tx) => this.#now(tx, agreementId));
  }

  /** The blocks of a client's own contracts that hold now, with the last work drawn from them; of subsidiaries' work what the reader reaches. Throws `tenancy.client-not-found`. */
  async ofClient(scope: TenantScope, clientId: ClientId): Promise<z.input<typeof clientBlocksView>> {
    const { db, clients, clock, msp } = this.#deps;
    return db.transaction(scope, async (tx) => {
      await clients.get(tx.scope, clientId);
      const { timeZone } = await msp.get(tx.scope);
      const day = clock.now().toZonedDateTimeISO(timeZone).toPlainDate();
      const blocks = await blocksOfClient(tx, clientId, day);
      const items: BlockView[] = [];
      // A handful of contracts at most, each with the history of its own periods.
      for (const agreementId of blocks.keys()) items.push(...(await this.#now(tx, agreementId)));
      return { items, draws: await drawsOf(tx, [...blocks.values()].flat()) };
    });
  }

  /** The blocks of the agreement that holds for a ticket; none where none holds, or where the reader does not reach it. Throws `tickets.ticket-not-found`. */
  async ofTicket(scope: TenantScope, ticketId: TicketId): Promise<BlockView[]> {
    const { db, tickets, holding, clock } = this.#deps;
    return db.transaction(scope, async (tx) => {
      const ticket = await tickets.read(tx, ticketId);
      const about = { clientId: ticket.client_id, siteId: ticket.site_id, at: clock.now() };
      const { agreementId, agreementClientId } = await holding.agreementFor(tx, about);
      // How much a parent has left is the parent's to know.
      return agreementId === null || agreementClientId !== ticket.client_id ? [] : this.#now(tx, agreementId);
    });
  }

  /**
   * All periods of a block that begin before a day. Work counts in the period in which it was done, a reversal in that of what it takes back; what began on or after the day is left out.
   */
  async history(
    tx: AnyTransaction,
    about: { agreement: Agreement; line: Line; timeZone: string; before: Temporal.PlainDate },
  ): Promise<BlockHistory> {
    const { agreement, line, timeZone } = about;
    const periods = servicePeriods(
      {
        startsOn: Temporal.PlainDate.from(agreement.startsOn),
        endsOn: agreement.endsOn === null ? null : Temporal.PlainDate.from(agreement.endsOn),
        billingPeriod: agreement.billingPeriod,
      },
      about.before,
    );
    const used = await usedIn(tx, {
      lineId: line.id as AgreementLineId,
      starts: periods.map(({ from }) => from.toZonedDateTime(timeZone).toInstant()),
      ends: periods.map(({ until }) => until.toZonedDateTime(timeZone).toInstant()),
    });
    const bought = new Decimal(line.quantity).times(6000).toNumber();
    const balances = blockLedger(
      periods.map((_, index) => ({ bought, used: used.get(index) ?? 0 })),
      line.rolloverPeriods,
    );
    return { periods, balances };
  }

  async #now(tx: AnyTransaction, agreementId: AgreementId): Promise<BlockView[]> {
    const { agreements, msp, clock } = this.#deps;
    const agreement = await agreements.get(tx.scope, agreementId);
    const { timeZone } = await msp.get(tx.scope);
    const before = clock.now().toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 });
    const views: BlockView[] = [];
    for (const line of agreement.lines.filter(({ kind }) => kind === 'block-hours')) {
      const history = await this.history(tx, { agreement, line, timeZone, before });
      const view = viewOf(agreement, line, history);
      if (view !== null) views.push(view);
    }
    return views;
  }
}

function viewOf(agreement: Agreement, line: Line, { periods, balances }: BlockHistory): BlockView | null {
  const [period, balance] = [periods.at(-1), balances.at(-1)];
  if (period === undefined || balance === undefined) return null;
  const first = Temporal.PlainDate.from(agreement.startsOn);
  const months = { monthly: 1, quarterly: 3, yearly: 12 }[agreement.billingPeriod];
  return {
    agreementId: agreement.id,
    agreementName: agreement.name,
    lineId: line.id,
    description: line.description,
    periodFrom: period.from.toString(),
    periodTo: period.until.subtract({ days: 1 }).toString(),
    carriedMinutes: balance.carried / 100,
    boughtMinutes: balance.bought / 100,
    usedMinutes: balance.used / 100,
    leftMinutes: balance.left / 100,
    overageMinutes: balance.overage / 100,
    lots: balance.lots.map((lot) => ({
      minutes: lot.left / 100,
      lastDay: first
        .add({ months: (lot.period + line.rolloverPeriods + 1) * months })
        .subtract({ days: 1 })
        .toString(),
    })),
  };
}

/** What was drawn in each period, by its place, in hundredths of a minute; by the subsidiaries too, whose work the line covers. */
async function usedIn(
  tx: AnyTransaction,
  about: {
    lineId: AgreementLineId;
    starts: readonly Temporal.Instant[];
    ends: readonly Temporal.Instant[];
  },
): Promise<Map<number, number>> {
  const { lineId, starts, ends } = about;
  const end = ends.at(-1);
  if (end === undefined) return new Map();
  const rows = await tx.sql<{ place: string; used: string }>(
    `select period.place, sum(drawn.units) as used
    from unnest($3::timestamptz[], $4::timestamptz[]) with ordinality as period (starts, ends, place)
    join (
      select coalesce(origin.started_at, entry.started_at) as at,
        case when jsonb_array_length(entry.parts) = 0 then entry.billable_minutes * 100
          else (select sum((part ->> 'percent')::int * (part ->> 'billableMinutes')::int) from jsonb_array_elements(entry.parts) part) end as units
      from time_entry entry
      left join time_entry origin
        on origin.msp_id = entry.msp_id and origin.client_id = entry.client_id and origin.id = entry.reverses_entry_id
      where entry.msp_id = $1 and entry.agreement_line_id = $2 and entry.started_at < $5
    ) drawn on drawn.at >= period.starts and drawn.at < period.ends
    group by period.place`,
    [tx.scope.mspId, lineId, starts, ends, end],
  );
  return new Map(rows.map(({ place, used }) => [Number(place) - 1, Number(used)]));
}
