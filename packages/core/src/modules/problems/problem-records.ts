import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { clientIdSchema, idSchema, type ClientId, type MspId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import {
  TICKET_STATUSES,
  type TicketId,
  type TicketQueries,
  type TicketStore,
  type TicketTables,
} from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LiveHub } from '#platform/live';

const words = text({ min: 0, max: 10_000 });

export const getProblemInput = z.object({ ticketId: idSchema('ticket') });
export const saveProblemInput = z.object({
  ticketId: idSchema('ticket'),
  /** 0 where nothing was written yet. */
  version: z.int(),
  rootCause: words,
  workaround: words,
  isKnownError: z.boolean(),
});
export const problemView = z.object({
  rootCause: z.string(),
  workaround: z.string(),
  isKnownError: z.boolean(),
  knownErrorAt: z.iso.datetime().nullable(),
  version: z.int(),
});
export const listKnownErrorsInput = z.object({
  search: text({ max: 100 }).optional(),
  clientId: clientIdSchema.optional(),
});
export const knownErrorView = z.object({
  ticketId: idSchema('ticket'),
  number: z.int(),
  clientId: clientIdSchema,
  clientName: z.string().nullable(),
  subject: z.string(),
  status: z.enum(TICKET_STATUSES),
  rootCause: z.string(),
  workaround: z.string(),
  knownErrorAt: z.iso.datetime(),
});
export type ProblemView = z.input<typeof problemView>;

export interface ProblemTables {
  problem_record: {
    msp_id: MspId;
    client_id: ClientId;
    ticket_id: TicketId;
    root_cause: string;
    workaround: string;
    known_error_at: Temporal.Instant | null;
    version: number;
  };
  client: { msp_id: MspId; id: ClientId; name: string };
}

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly tickets: TicketQueries;
  readonly audit: AuditTrail;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** As many as a person reads through; more is what the search is for. */
const MAX_KNOWN = 200;

/** What is known of problems. */
export class ProblemRecords {
  readonly #db: ScopedDb<TicketTables & ProblemTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables & ProblemTables>();
    this.#deps = deps;
  }

  /** Empty where nothing was written yet. Throws `tickets.ticket-not-found`. */
  async get(scope: TenantScope, ticketId: TicketId): Promise<ProblemView> {
    await this.#deps.tickets.row(scope, ticketId);
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('problem_record').selectAll().where('ticket_id', '=', ticketId),
    );
    return {
      rootCause: row?.root_cause ?? '',
      workaround: row?.workaround ?? '',
      isKnownError: (row?.known_error_at ?? null) !== null,
      knownErrorAt: row?.known_error_at?.toString() ?? null,
      version: row?.version ?? 0,
    };
  }

  /**
   * Throws `tickets.ticket-not-found`, `problems.not-a-problem`, `problems.problem-changed` on a stale version, and `problems.workaround-missing` for a known error that says neither its cause nor
   * what helps.
   */
  async save(scope: TenantScope, input: z.output<typeof saveProblemInput>): Promise<{ version: number }> {
    if (input.isKnownError && input.workaround === '' && input.rootCause === '')
      throw new InvalidInputError('problems.workaround-missing', 'A known error says its cause or what helps.', {
        fields: [{ path: ['workaround'], message: 'must be filled in for a known error' }],
      });
    return this.#db.transaction(scope, async (tx) => {
      const ticket = await this.#deps.store.forChange(tx.typed<TicketTables>(), input.ticketId);
      if (ticket.type !== 'problem')
        throw new ConflictError(
          'problems.not-a-problem',
          `T-${ticket.number} is not a problem. Change its type first.`,
        );
      const before = await tx.query
        .selectFrom('problem_record')
        .select(['version', 'known_error_at'])
        .where('ticket_id', '=', ticket.id)
        .executeTakeFirst();
      if ((before?.version ?? 0) !== input.version)
        throw new ConflictError(
          'problems.problem-changed',
          'Somebody else wrote here meanwhile. Look at it again, then repeat your change.',
        );
      const version = input.version + 1;
      const row = {
        root_cause: input.rootCause,
        workaround: input.workaround,
        known_error_at: input.isKnownError ? (before?.known_error_at ?? this.#deps.clock.now()) : null,
        version,
      };
      await tx.query
        .insertInto('problem_record')
        .values({ msp_id: scope.mspId, client_id: ticket.client_id, ticket_id: ticket.id, ...row })
        .onConflict((conflict) => conflict.columns(['msp_id', 'ticket_id']).doUpdateSet(row))
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'problems.save-problem',
        subject: { kind: 'ticket', id: ticket.id, clientId: ticket.client_id },
        summary: `Wrote what is known of the problem T-${ticket.number}`,
        after: { isKnownError: input.isKnownError },
      });
      this.#deps.live.touch(tx, { clientId: ticket.client_id, topic: 'problem', id: ticket.id, version });
      return { version };
    });
  }

  /** Known errors in reach, the newest first, whose words hold what is searched for. */
  async knownErrors(
    scope: TenantScope,
    { search, clientId }: z.output<typeof listKnownErrorsInput>,
  ): Promise<z.input<typeof knownErrorView>[]> {
    const rows = await this.#db.read(scope, (query) => {
      let known = query
        .selectFrom('problem_record as p')
        .innerJoin('ticket', 'ticket.id', 'p.ticket_id')
        .leftJoin('client', 'client.id', 'ticket.client_id')
        .select([
          'ticket.id as ticketId',
          'ticket.number',
          'ticket.client_id as clientId',
          'client.name as clientName',
          'ticket.subject',
          'ticket.status',
          'p.root_cause as rootCause',
          'p.workaround',
          'p.known_error_at as knownErrorAt',
        ])
        .where('p.known_error_at', 'is not', null);
      if (clientId !== undefined) known = known.where('p.client_id', '=', clientId);
      if (search !== undefined) {
        const pattern = `%${search.replaceAll(/[%_\\]/g, (sign) => `\\${sign}`)}%`;
        known = known.where((row) =>
          row.or([
            row('ticket.subject', 'ilike', pattern),
            row('p.root_cause', 'ilike', pattern),
            row('p.workaround', 'ilike', pattern),
          ]),
        );
      }
      return known.orderBy('p.known_error_at', 'desc').orderBy('ticket.id').limit(MAX_KNOWN);
    });
    return rows.map((row) => ({ ...row, knownErrorAt: row.knownErrorAt?.toString() ?? '' }));
  }
}
