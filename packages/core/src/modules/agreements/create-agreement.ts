import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId, type Id, type MspId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { dateSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { assertSite, type ClientQueries, type SiteId } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { BILLING_PERIODS } from './agreement.ts';
import { assertLines, linesInput, type LineInput } from './agreement-line.ts';
import type { AgreementStore } from './agreement-store.ts';
import type { AgreementId, AgreementTables } from './agreement-table.ts';
import type { AgreementTemplates } from './agreement-templates.ts';

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
  calendarId: idSchema('sla-calendar').optional(),
  lines: linesInput.optional(),
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
   * `agreements.no-lines`, `agreements.line-makes-no-sense`, `agreements.ends-before-start`.
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
        const { lines, currency, billingPeriod, templateName } = await this.#terms(tx, input);
        assertLines(lines);
        const startsOn = Temporal.PlainDate.from(input.startsOn);
        const endsOn = input.endsOn === undefined ? null : Temporal.PlainDate.from(input.endsOn);
        assertPeriod(startsOn, endsOn);
        if (input.siteId !== undefined) await assertSite(tx, input.clientId, input.siteId);
        await assertCalendar(tx, input.calendarId);
        const id = newId<'agreement'>();
        await store.insert(tx, {
          msp_id: scope.mspId,
          id,
          client_id: input.clientId,
          site_id: (input.siteId ?? null) as SiteId | null,
          name: input.name,
          reference: input.reference,
          state: 'draft',
          starts_on: startsOn,
          ends_on: endsOn,
          billing_period: billingPeriod,
          currency,
          template_name: templateName,
          calendar_id: input.calendarId ?? null,
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

  async #terms(
    tx: AnyTransaction,
    input: CreateAgreementInput,
  ): Promise<{
    lines: readonly LineInput[];
    currency: string;
    billingPeriod: (typeof BILLING_PERIODS)[number];
    templateName: string;
  }> {
    const template = input.templateId === undefined ? null : await this.#deps.templates.read(tx, input.templateId);
    const lines = input.lines ?? template?.lines;
    const currency = input.currency ?? template?.currency;
    if (lines === undefined || currency === undefined)
      throw new InvalidInputError('agreements.no-lines', 'An agreement needs lines and a currency, or a template.', {
        fields: [{ path: [lines === undefined ? 'lines' : 'currency'], message: 'must be given' }],
      });
    return {
      lines,
      currency,
      billingPeriod: input.billingPeriod ?? template?.billingPeriod ?? 'monthly',
      templateName: template?.name ?? '',
    };
  }
}

/** Throws `agreements.ends-before-start`. */
export function assertPeriod(startsOn: Temporal.PlainDate, endsOn: Temporal.PlainDate | null): void {
  if (endsOn !== null && Temporal.PlainDate.compare(endsOn, startsOn) < 0)
    throw new InvalidInputError('agreements.ends-before-start', 'An agreement cannot end before it starts.', {
      fields: [{ path: ['endsOn'], message: 'must not be before the start' }],
    });
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
