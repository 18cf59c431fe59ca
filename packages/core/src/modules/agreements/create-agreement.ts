import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId, type Id, type MspId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { dateSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { assertSite, type ClientQueries, type SiteId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import { BILLING_PERIODS } from './agreement.ts';
import { assertLines, lineInput, linesInput, type LineInput } from './agreement-line.ts';
import type { AgreementRow, AgreementStore } from './agreement-store.ts';
import type { AgreementId, AgreementTables } from './agreement-table.ts';
import type { AgreementTemplates } from './agreement-templates.ts';
import { toAgreementLineView } from './agreement-view.ts';

export const createAgreementInput = z.object({
  clientId: clientIdSchema,
  siteId: idSchema('site').optional(),
  name: text({ max: 120 }),
  reference: text({ min: 0, max: 60 }).default(''),
  startsOn: dateSchema,
  endsOn: dateSchema.optional(),
  /** Copied: later changes to the template do not reach this agreement. */
  templateId: idSchema('agreement-template').optional(),
  billingPeriod: z.enum(BILLING_PERIODS).optional(),
  currency: currencySchema.optional(),
  /** The business calendar that tells work within hours from work outside them. */
  calendarId: idSchema('sla-calendar').nullable().optional(),
  lines: linesInput.optional(),
  /** An agreement in force in whose place this one is to come: what is left out is as it was there, and it ends the day before this one starts, once this one is put into force. */
  succeedsId: idSchema('agreement').optional(),
});
export type CreateAgreementInput = z.output<typeof createAgreementInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: AgreementStore;
  readonly templates: AgreementTemplates;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Drafts an agreement with a client, from lines or from a template. */
export class CreateAgreement {
  readonly #db: ScopedDb<AgreementTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AgreementTables>();
    this.#deps = deps;
  }

  /**
   * Returns the draft's id. Throws `tenancy.client-not-found`, `tenancy.site-not-found`, `agreements.template-not-found`,
   * `agreements.no-lines`, `agreements.line-makes-no-sense`, `agreements.ends-before-start`, `agreements.agreement-not-found`,
   * `agreements.nothing-to-succeed`, `agreements.other-client`, `agreements.starts-before-predecessor`.
   */
  async run(
    scope: TenantScope,
    input: CreateAgreementInput,
    within?: AnyTransaction,
  ): Promise<{ agreementId: AgreementId }> {
    const { store, audit, clock } = this.#deps;
    await this.#deps.clients.get(scope, input.clientId);
    return this.#db.transaction(
      scope,
      async (tx) => {
        const startsOn = Temporal.PlainDate.from(input.startsOn);
        const before = input.succeedsId === undefined ? null : await this.#predecessor(tx, input, startsOn);
        const { lines, currency, billingPeriod, templateName } = await this.#terms(tx, input, before);
        assertLines(lines);
        const endsOn = input.endsOn === undefined ? null : Temporal.PlainDate.from(input.endsOn);
        assertPeriod(startsOn, endsOn);
        if (input.siteId !== undefined) await assertSite(tx, input.clientId, input.siteId);
        await assertCalendar(tx, input.calendarId);
        const id = newId<'agreement'>();
        await store.insert(tx, {
          msp_id: scope.mspId,
          id,
          client_id: input.clientId,
          site_id: (input.siteId ?? before?.site_id ?? null) as SiteId | null,
          name: input.name,
          reference: input.reference,
          state: 'draft',
          starts_on: startsOn,
          ends_on: endsOn,
          billing_period: billingPeriod,
          currency,
          template_name: templateName,
          calendar_id: input.calendarId === undefined ? (before?.calendar_id ?? null) : input.calendarId,
          succeeds_id: before?.id ?? null,
          created_at: clock.now(),
        });
        await store.replaceLines(tx, { id, clientId: input.clientId }, lines);
        await audit.record(tx, {
          action: 'agreements.create-agreement',
          subject: { kind: 'agreement', id, clientId: input.clientId },
          summary: `Drafted the agreement ${input.name}`,
          after: { ...input, lines, currency, billingPeriod },
        });
        return { agreementId: id };
      },
      within,
    );
  }

  async #predecessor(
    tx: ScopedTransaction<AgreementTables>,
    input: CreateAgreementInput,
    startsOn: Temporal.PlainDate,
  ): Promise<AgreementRow> {
    const before = await this.#deps.store.forChange(tx, input.succeedsId as AgreementId);
    if (before.client_id !== input.clientId)
      throw new InvalidInputError('agreements.other-client', 'An agreement has its successor with the same client.', {
        fields: [{ path: ['succeedsId'], message: 'is another client’s' }],
      });
    if (before.state !== 'active')
      throw new ConflictError(
        'agreements.nothing-to-succeed',
        before.state === 'draft' ? 'A draft needs no successor: change it.' : 'This agreement has ended already.',
      );
    assertSuccession(before, startsOn);
    return before;
  }

  async #terms(
    tx: ScopedTransaction<AgreementTables>,
    input: CreateAgreementInput,
    before: AgreementRow | null,
  ): Promise<{
    lines: readonly LineInput[];
    currency: string;
    billingPeriod: (typeof BILLING_PERIODS)[number];
    templateName: string;
  }> {
    const template = input.templateId === undefined ? null : await this.#deps.templates.read(tx, input.templateId);
    const lines = input.lines ?? template?.lines ?? (before === null ? undefined : await linesAgain(tx, before.id));
    const currency = before?.currency ?? input.currency ?? template?.currency;
    if (lines === undefined || currency === undefined)
      throw new InvalidInputError('agreements.no-lines', 'An agreement needs lines and a currency, or a template.', {
        fields: [{ path: [lines === undefined ? 'lines' : 'currency'], message: 'must be given' }],
      });
    return {
      lines,
      currency,
      billingPeriod: input.billingPeriod ?? template?.billingPeriod ?? before?.billing_period ?? 'monthly',
      templateName: template?.name ?? before?.template_name ?? '',
    };
  }
}

/** The lines of an agreement as they would be written again, in their order. */
async function linesAgain(tx: ScopedTransaction<AgreementTables>, id: AgreementId): Promise<LineInput[]> {
  const rows = await tx.query
    .selectFrom('agreement_line')
    .selectAll()
    .where('agreement_id', '=', id)
    .orderBy('place')
    .execute();
  return rows.map((row) => lineInput.parse(toAgreementLineView(row)));
}

/** Throws `agreements.ends-before-start`. */
export function assertPeriod(startsOn: Temporal.PlainDate, endsOn: Temporal.PlainDate | null): void {
  if (endsOn !== null && Temporal.PlainDate.compare(endsOn, startsOn) < 0)
    throw new InvalidInputError('agreements.ends-before-start', 'An agreement cannot end before it starts.', {
      fields: [{ path: ['endsOn'], message: 'must not be before the start' }],
    });
}

/** Throws `agreements.starts-before-predecessor` for a successor that would leave what it succeeds no day. */
export function assertSuccession(before: Pick<AgreementRow, 'name' | 'starts_on'>, startsOn: Temporal.PlainDate): void {
  if (Temporal.PlainDate.compare(startsOn, before.starts_on) <= 0)
    throw new InvalidInputError(
      'agreements.starts-before-predecessor',
      `A successor starts after “${before.name}”, which began on ${before.starts_on.toString()}.`,
      { fields: [{ path: ['startsOn'], message: `must be after ${before.starts_on.toString()}` }] },
    );
}

/** Throws `agreements.calendar-not-found`, also for another MSP's. */
export async function assertCalendar(
  tx: AnyTransaction,
  calendarId: Id<'sla-calendar'> | null | undefined,
): Promise<void> {
  if (calendarId === null || calendarId === undefined) return;
  const known = await tx
    .typed<{ sla_calendar: { msp_id: MspId; id: Id<'sla-calendar'> } }>()
    .query.selectFrom('sla_calendar')
    .select('id')
    .where('id', '=', calendarId)
    .executeTakeFirst();
  if (known === undefined)
    throw new NotFoundError('agreements.calendar-not-found', 'There is no such business calendar.', {
      fields: [{ path: ['calendarId'], message: 'is no calendar of yours' }],
    });
}
