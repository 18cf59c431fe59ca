import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { BILLING_PERIODS } from './agreement.ts';
import { assertLines, lineInput, linesInput } from './agreement-line.ts';
import type { AgreementTables, AgreementTemplateId } from './agreement-table.ts';

export const createTemplateInput = z.object({
  name: text({ max: 120 }),
  currency: currencySchema,
  billingPeriod: z.enum(BILLING_PERIODS).default('monthly'),
  lines: linesInput,
});
export type CreateTemplateInput = z.output<typeof createTemplateInput>;

/** A template as it leaves the server. */
export const templateView = z.object({
  id: idSchema('agreement-template'),
  name: z.string(),
  currency: z.string(),
  billingPeriod: z.enum(BILLING_PERIODS),
  lines: z.array(lineInput),
});
export type TemplateView = z.output<typeof templateView>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The MSP's templates of agreements. Agreements are copies: a template never changes one that was made from it. */
export class AgreementTemplates {
  readonly #db: ScopedDb<AgreementTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AgreementTables>();
    this.#deps = deps;
  }

  /** All templates, by name. */
  async list(scope: TenantScope): Promise<TemplateView[]> {
    const rows = await this.#db.read(scope, (query) =>
      query.selectFrom('agreement_template').selectAll().orderBy('name').limit(500),
    );
    return rows.map(toTemplateView);
  }

  /** Throws `agreements.template-name-taken`, `agreements.line-makes-no-sense`. */
  async create(scope: TenantScope, input: CreateTemplateInput): Promise<{ templateId: AgreementTemplateId }> {
    assertLines(input.lines);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'agreement-template'>();
      const made = await tx.query
        .insertInto('agreement_template')
        .values({
          msp_id: scope.mspId,
          id,
          name: input.name,
          currency: input.currency,
          billing_period: input.billingPeriod,
          lines: JSON.stringify(input.lines),
          created_at: this.#deps.clock.now(),
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined)
        throw new ConflictError('agreements.template-name-taken', `There is a template called ${input.name} already.`, {
          fields: [{ path: ['name'], message: 'is taken' }],
        });
      await this.#deps.audit.record(tx, {
        action: 'agreements.create-template',
        subject: { kind: 'agreement-template', id, clientId: null },
        summary: `Made the agreement template ${input.name}`,
        after: input,
      });
      return { templateId: id };
    });
  }

  /** One template inside a transaction. Throws `agreements.template-not-found`. */
  async read(tx: AnyTransaction, id: AgreementTemplateId): Promise<TemplateView> {
    const row = await tx
      .typed<AgreementTables>()
      .query.selectFrom('agreement_template')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundError('agreements.template-not-found', 'There is no such template.');
    return toTemplateView(row);
  }
}

function toTemplateView(row: {
  id: AgreementTemplateId;
  name: string;
  currency: string;
  billing_period: TemplateView['billingPeriod'];
  lines: TemplateView['lines'];
}): TemplateView {
  return {
    id: row.id,
    name: row.name,
    currency: row.currency,
    billingPeriod: row.billing_period,
    // Templates of before a field was added have its default.
    lines: linesInput.parse(row.lines),
  };
}
