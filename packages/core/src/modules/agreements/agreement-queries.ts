import { sql } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { AGREEMENT_STATES } from './agreement.ts';
import { agreementNotFound } from './agreement-store.ts';
import type { AgreementId, AgreementTables } from './agreement-table.ts';
import {
  toAgreementLineView,
  toAgreementView,
  type AgreementView,
  type AgreementWithLinesView,
} from './agreement-view.ts';

export const listAgreementsInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  states: z.array(z.enum(AGREEMENT_STATES)).max(3).optional(),
});
export const getAgreementInput = z.object({ agreementId: idSchema('agreement') });

/** Reads agreements. */
export class AgreementQueries {
  readonly #db: ScopedDb<AgreementTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<AgreementTables>();
  }

  /** Agreements, the newest start first. */
  async list(scope: TenantScope, input: z.output<typeof listAgreementsInput>): Promise<Page<AgreementView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('agreement').selectAll();
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId);
      if (input.states !== undefined) list = list.where('state', '=', sql<never>`any(${input.states}::text[])`);
      if (after !== null) list = list.where(sql<boolean>`(starts_on, id) < (${after[0]}::date, ${after[1]}::uuid)`);
      return list
        .orderBy('starts_on', 'desc')
        .orderBy('id', 'desc')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toAgreementView, (row) => [row.starts_on.toString(), row.id]);
  }

  /** One agreement with its lines. Throws `agreements.agreement-not-found`, also for another tenant's. */
  async get(scope: TenantScope, agreementId: AgreementId): Promise<AgreementWithLinesView> {
    return this.#db.transaction(scope, async (tx) => {
      const agreement = await tx.query
        .selectFrom('agreement')
        .selectAll()
        .where('id', '=', agreementId)
        .executeTakeFirst();
      if (agreement === undefined) throw agreementNotFound();
      const lines = await tx.query
        .selectFrom('agreement_line')
        .selectAll()
        .where('agreement_id', '=', agreementId)
        .orderBy('place')
        .execute();
      const successor = await tx.query
        .selectFrom('agreement')
        .select(['id', 'name', 'state', 'starts_on'])
        .where('succeeds_id', '=', agreementId)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return {
        ...toAgreementView(agreement),
        lines: lines.map(toAgreementLineView),
        successor:
          successor === undefined
            ? null
            : {
                id: successor.id,
                name: successor.name,
                state: successor.state,
                startsOn: successor.starts_on.toString(),
              },
      };
    });
  }
}
