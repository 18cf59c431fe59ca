import type { ClientId, Id } from '#kernel/id';
import type { MspQueries, SiteId } from '#modules/tenancy';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { CoverageLine, LineKind, Rounding, WorkType } from './agreement.ts';
import type { AgreementId, AgreementLineId, AgreementTables } from './agreement-table.ts';

/** The agreement that holds, and why. `reason` is a sentence to be stored beside whatever relies on it. */
export interface HoldingAgreement {
  readonly agreementId: AgreementId | null;
  /** The client that made the agreement: the one asked for, or one of its parents. Null with `agreementId`. */
  readonly agreementClientId: ClientId | null;
  /** Null with `agreementId`. */
  readonly name: string | null;
  readonly reason: string;
}

/** A line with its price, as rating needs it. */
export interface PricedLine extends CoverageLine {
  readonly unitPriceMinor: number;
  readonly currency: string;
}

/** Answers which agreement holds for what, and what its lines say. */
export class AgreementHolding {
  readonly #msp: MspQueries;

  constructor(deps: { msp: MspQueries }) {
    this.#msp = deps.msp;
  }

  /**
   * The active agreement that holds at `at` (by its calendar day in the MSP's zone, as invoices count their periods) for a client, or for one of its sites: the site's own before the client's, the client's before its
   * parent's, the newest start first. None is an answer too. For a client outside the scope the answer is none.
   */
  async agreementFor(
    tx: AnyTransaction,
    about: { clientId: ClientId; siteId?: SiteId | null; at: Temporal.Instant },
  ): Promise<HoldingAgreement> {
    const { timeZone } = await this.#msp.get(tx.scope);
    const day = about.at.toZonedDateTimeISO(timeZone).toPlainDate();
    const [row] = await tx.sql<{
      agreement_id: AgreementId;
      agreement_client_id: ClientId;
      agreement_name: string;
      starts_on: Temporal.PlainDate;
      is_of_site: boolean;
      depth: number;
    }>('select * from agreement_find_holding($1, $2, $3)', [about.clientId, about.siteId ?? null, day]);
    if (row === undefined)
      return {
        agreementId: null,
        agreementClientId: null,
        name: null,
        reason: `No agreement was active on ${day.toString()}.`,
      };
    const owner = row.is_of_site ? 'the site’s' : row.depth === 0 ? 'the client’s' : 'the parent client’s';
    return {
      agreementId: row.agreement_id,
      agreementClientId: row.agreement_client_id,
      name: row.agreement_name,
      reason: `“${row.agreement_name}”, ${owner} newest agreement active on ${day.toString()} (since ${row.starts_on.toString()}).`,
    };
  }

  /** The business calendar that an agreement counts by; null for none, and for an agreement that the scope does not reach. */
  async calendarOf(tx: AnyTransaction, agreementId: AgreementId | null): Promise<Id<'sla-calendar'> | null> {
    if (agreementId === null) return null;
    const row = await tx
      .typed<AgreementTables>()
      .query.selectFrom('agreement')
      .select('calendar_id')
      .where('id', '=', agreementId)
      .executeTakeFirst();
    return row?.calendar_id ?? null;
  }

  /** The lines of an agreement in their order; empty for none, and for one that the scope does not reach. */
  async linesOf(tx: AnyTransaction, agreementId: AgreementId | null): Promise<PricedLine[]> {
    if (agreementId === null) return [];
    const rows = await tx
      .typed<AgreementTables>()
      .query.selectFrom('agreement_line')
      .innerJoin('agreement', 'agreement.id', 'agreement_line.agreement_id')
      .select([
        'agreement_line.id as id',
        'kind',
        'description',
        'work_types',
        'minimum_minutes',
        'round_to_minutes',
        'rounding',
        'maximum_minutes',
        'charge',
        'billable_percent',
        'after_hours_percent',
        'holiday_percent',
        'covers_after_hours',
        'unit_price_minor',
        'currency',
      ])
      .where('agreement_id', '=', agreementId)
      .orderBy('place')
      .execute();
    return rows.map((row) => ({
      id: row.id satisfies AgreementLineId,
      kind: row.kind satisfies LineKind,
      description: row.description,
      workTypes: row.work_types satisfies WorkType[],
      minimumMinutes: row.minimum_minutes,
      roundToMinutes: row.round_to_minutes,
      rounding: row.rounding satisfies Rounding,
      maximumMinutes: row.maximum_minutes,
      charge: row.charge,
      billablePercent: row.billable_percent,
      afterHoursPercent: row.after_hours_percent,
      holidayPercent: row.holiday_percent,
      coversAfterHours: row.covers_after_hours,
      unitPriceMinor: row.unit_price_minor,
      currency: row.currency,
    }));
  }
}
