import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, type ClientId, type Id } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { MEASURES, type WhatIfId } from './what-if-store.ts';

const both = z.object({ before: z.int(), after: z.int() });
export const whatIfView = z.object({
  id: idSchema('what-if'),
  clientId: clientIdSchema.nullable(),
  policyName: z.string(),
  openedFrom: z.iso.datetime(),
  openedUntil: z.iso.datetime(),
  state: z.enum(['running', 'done', 'stopped']),
  tickets: z.int(),
  judged: z.int(),
  madeBy: z.string(),
  createdAt: z.iso.datetime(),
});
/** With broken promises before and after, by client and priority, and the first 200 tickets that would have another verdict. */
export const whatIfDetailView = whatIfView.extend({
  counts: z.array(
    z.object({
      clientId: clientIdSchema,
      clientName: z.string(),
      priority: z.int(),
      tickets: z.int(),
      response: both,
      update: both,
      resolution: both,
    }),
  ),
  changed: z.int(),
  changes: z.array(
    z.object({
      ticketId: idSchema('ticket'),
      number: z.int(),
      subject: z.string(),
      measure: z.enum(MEASURES),
      before: z.string(),
      after: z.string(),
    }),
  ),
});

interface Row {
  id: WhatIfId;
  client_id: ClientId | null;
  policy_name: string;
  opened_from: Temporal.Instant;
  opened_until: Temporal.Instant;
  state: 'running' | 'done' | 'stopped';
  tickets: number;
  judged: number;
  made_by: string;
  created_at: Temporal.Instant;
}
type CountRow = { client_id: ClientId; client_name: string; priority: number; tickets: number } & Record<
  `${(typeof MEASURES)[number]}_${'before' | 'after'}`,
  number
>;

const COLUMNS = 'id, client_id, policy_name, opened_from, opened_until, state, tickets, judged, made_by, created_at';

/** Reads what runs under other policies came to. */
export class WhatIfQueries {
  readonly #db: ScopedDb;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db;
  }

  /** The newest fifty. */
  async list(scope: TenantScope): Promise<z.input<typeof whatIfView>[]> {
    return this.#db.transaction(scope, async (tx) => {
      const rows = await tx.sql<Row>(
        `select ${COLUMNS} from what_if where msp_id = $1 order by created_at desc, id desc limit 50`,
        [tx.scope.mspId],
      );
      return rows.map(viewOf);
    });
  }

  /** Throws `what-if.not-found`. */
  async get(scope: TenantScope, id: WhatIfId): Promise<z.input<typeof whatIfDetailView>> {
    return this.#db.transaction(scope, async (tx) => {
      const about = [tx.scope.mspId, id];
      const [row] = await tx.sql<Row>(`select ${COLUMNS} from what_if where msp_id = $1 and id = $2`, about);
      if (row === undefined) throw new NotFoundError('what-if.not-found', 'There is no such run.');
      const counts = await tx.sql<CountRow>(
        `select n.*, c.name as client_name from what_if_count n join client c on c.msp_id = n.msp_id and c.id = n.client_id
         where n.msp_id = $1 and n.what_if_id = $2 order by c.name, n.priority limit 4000`,
        about,
      );
      const [changed] = await tx.sql<{ changed: number }>(
        'select count(*)::integer as changed from what_if_change where msp_id = $1 and what_if_id = $2',
        about,
      );
      const changes = await tx.sql<{
        ticket_id: Id<'ticket'>;
        number: number;
        subject: string;
        measure: (typeof MEASURES)[number];
        before: string;
        after: string;
      }>(
        `select x.ticket_id, t.number, t.subject, x.measure, x.before, x.after
         from what_if_change x join ticket t on t.msp_id = x.msp_id and t.id = x.ticket_id
         where x.msp_id = $1 and x.what_if_id = $2 order by t.number desc, x.measure limit 200`,
        about,
      );
      return {
        ...viewOf(row),
        counts: counts.map((one) => ({
          clientId: one.client_id,
          clientName: one.client_name,
          priority: one.priority,
          tickets: one.tickets,
          response: { before: one.response_before, after: one.response_after },
          update: { before: one.update_before, after: one.update_after },
          resolution: { before: one.resolution_before, after: one.resolution_after },
        })),
        changed: changed?.changed ?? 0,
        changes: changes.map(({ ticket_id: ticketId, ...rest }) => ({ ticketId, ...rest })),
      };
    });
  }
}

function viewOf(row: Row): z.input<typeof whatIfView> {
  return {
    id: row.id,
    clientId: row.client_id,
    policyName: row.policy_name,
    openedFrom: row.opened_from.toString(),
    openedUntil: row.opened_until.toString(),
    state: row.state,
    tickets: row.tickets,
    judged: row.judged,
    madeBy: row.made_by,
    createdAt: row.created_at.toString(),
  };
}
