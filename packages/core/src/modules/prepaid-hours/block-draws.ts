import { z } from 'zod';
import { idSchema, type ClientId } from '#kernel/id';
import type { AgreementId, AgreementLineId, AgreementTables } from '#modules/agreements';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

/** Work that was drawn from hours bought ahead. Minutes hold hundredths where a multiplier makes some, and are negative for what was taken back. */
export const drawView = z.object({
  entryId: idSchema('time-entry'),
  lineId: idSchema('agreement-line'),
  at: z.iso.datetime(),
  drawnMinutes: z.number(),
  staffName: z.string(),
  note: z.string(),
  /** Null for work that is on no ticket. */
  ticketNumber: z.int().nullable(),
  ticketSubject: z.string(),
});

/** As many as are shown below a balance. */
const MOST_DRAWS = 10;
/** More contracts with hours at once than any client has. */
const MOST_AGREEMENTS = 5;

/** The lines that sell hours ahead in a client's own contracts that hold on a day, by contract, the newest contract first. */
export async function blocksOfClient(
  tx: AnyTransaction,
  clientId: ClientId,
  day: Temporal.PlainDate,
): Promise<ReadonlyMap<AgreementId, readonly AgreementLineId[]>> {
  const rows = await tx
    .typed<AgreementTables>()
    .query.selectFrom('agreement')
    .innerJoin('agreement_line', 'agreement_line.agreement_id', 'agreement.id')
    .select(['agreement.id', 'agreement_line.id as line_id'])
    .where('agreement.client_id', '=', clientId)
    .where('agreement.state', '<>', 'draft')
    .where('starts_on', '<=', day)
    .where((where) => where.or([where('ends_on', 'is', null), where('ends_on', '>=', day)]))
    .where('agreement_line.kind', '=', 'block-hours')
    .orderBy('starts_on', 'desc')
    .orderBy('agreement.id', 'desc')
    .orderBy('place')
    .limit(100)
    .execute();
  const lines = [...Map.groupBy(rows, ({ id }) => id)].slice(0, MOST_AGREEMENTS);
  return new Map(lines.map(([id, of]) => [id, of.map((row) => row.line_id)]));
}

/** The last work drawn from some lines, as far as the reader reaches the clients that it was for; the newest first. */
export async function drawsOf(
  tx: AnyTransaction,
  lineIds: readonly AgreementLineId[],
): Promise<z.input<typeof drawView>[]> {
  if (lineIds.length === 0) return [];
  const rows = await tx.sql<{
    id: z.input<typeof drawView>['entryId'];
    line_id: AgreementLineId;
    started_at: Temporal.Instant;
    units: string;
    staff_label: string;
    note: string;
    number: number | null;
    subject: string | null;
  }>(
    `select entry.id, entry.agreement_line_id as line_id, entry.started_at, entry.staff_label, entry.note, ticket.number, ticket.subject,
      case when jsonb_array_length(entry.parts) = 0 then entry.billable_minutes * 100
        else (select sum((part ->> 'percent')::int * (part ->> 'billableMinutes')::int) from jsonb_array_elements(entry.parts) part) end as units
    from time_entry entry
    left join ticket on ticket.msp_id = entry.msp_id and ticket.id = entry.ticket_id
    where entry.msp_id = $1 and entry.agreement_line_id = any($2::uuid[]) and entry.billable_minutes <> 0
    order by entry.started_at desc, entry.id desc limit ${MOST_DRAWS}`,
    [tx.scope.mspId, lineIds],
  );
  return rows.map((row) => ({
    entryId: row.id,
    lineId: row.line_id,
    at: row.started_at.toString(),
    drawnMinutes: Number(row.units) / 100,
    staffName: row.staff_label,
    note: row.note,
    ticketNumber: row.number,
    ticketSubject: row.subject ?? '',
  }));
}
