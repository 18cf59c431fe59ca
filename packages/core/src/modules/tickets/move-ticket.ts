import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AgreementHolding } from '#modules/agreements';
import type { AuditTrail } from '#modules/audit';
import type { FieldValues } from '#modules/desk-fields';
import type { AttachFiles } from '#modules/files';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { JobQueue } from '#platform/jobs/job-queue';
import { ticketLabel } from './ticket.ts';
import type { TicketChanger } from './ticket-changer.ts';
import { ticketMoved } from './ticket-events.ts';
import type { TicketStore } from './ticket-store.ts';
import type { TicketTables } from './ticket-table.ts';

export const moveTicketInput = z.object({ ticketId: idSchema('ticket'), version: z.int(), clientId: clientIdSchema });
export type MoveTicketInput = z.output<typeof moveTicketInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: TicketStore;
  readonly changer: TicketChanger;
  readonly agreements: AgreementHolding;
  readonly clients: ClientQueries;
  readonly files: AttachFiles;
  readonly fields: FieldValues;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly clock: Clock;
}

/** PostgreSQL's restrict_violation: what time that is on an invoice answers to being moved. */
const INVOICED = '23001';

/** Corrects a ticket's client. Its conversation, history, files and time go with it; site, contact and asset, which are the old client's, are taken away. */
export class MoveTicket {
  readonly #db: ScopedDb<TicketTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TicketTables>();
    this.#deps = deps;
  }

  /** Throws `tickets.ticket-changed`, `tickets.ticket-not-found`, `tenancy.client-not-found`, `tickets.has-invoiced-time`. */
  async run(scope: TenantScope, input: MoveTicketInput): Promise<{ version: number }> {
    const { store, changer, agreements, files, audit, jobs } = this.#deps;
    const client = await this.#deps.clients.get(scope, input.clientId);
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.ticketId);
      if (before.client_id === input.clientId) return { version: before.version };
      const holding = await agreements.agreementFor(tx, { clientId: input.clientId, at: before.opened_at });
      await this.#deps.fields.dropReferences(tx, before.id);
      await files.moveTo(tx, { owner: { kind: 'ticket', id: before.id }, clientId: input.clientId });
      const version = await changer
        .apply(
          tx,
          before,
          {
            client_id: input.clientId,
            site_id: null,
            contact_id: null,
            asset_id: null,
            is_vip: false,
            agreement_id: holding.agreementId,
            agreement_client_id: holding.agreementClientId,
            agreement_reason: holding.reason,
          },
          [{ kind: 'client', from: before.client_id, to: input.clientId }],
          input.version,
        )
        .catch(refuseInvoiced);
      await audit.record(tx, {
        action: 'tickets.move-ticket',
        subject: { kind: 'ticket', id: before.id, clientId: before.client_id },
        summary: `Moved the ticket ${ticketLabel(before.number)} to ${client.name}`,
        before: { clientId: before.client_id },
        after: { clientId: input.clientId },
      });
      await jobs.publish(
        tx,
        ticketMoved,
        { aggregateId: before.id, version },
        { ticketId: before.id, clientId: input.clientId, fromClientId: before.client_id },
      );
      return { version };
    });
  }
}

function refuseInvoiced(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === INVOICED)
    throw new ConflictError(
      'tickets.has-invoiced-time',
      'Time of this ticket is on an invoice of the old client. Credit that invoice first, or open a new ticket.',
    );
  throw error;
}
