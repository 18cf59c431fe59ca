import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { dateSchema, text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertDraft, BILLING_PERIODS } from './agreement.ts';
import { assertLines, linesInput } from './agreement-line.ts';
import type { AgreementStore } from './agreement-store.ts';
import type { AgreementTables } from './agreement-table.ts';
import { assertCalendar, assertPeriod } from './create-agreement.ts';

export const updateAgreementInput = z.object({
  agreementId: idSchema('agreement'),
  version: z.int(),
  name: text({ max: 120 }).optional(),
  reference: text({ min: 0, max: 60 }).optional(),
  startsOn: dateSchema.optional(),
  endsOn: dateSchema.nullable().optional(),
  billingPeriod: z.enum(BILLING_PERIODS).optional(),
  calendarId: idSchema('sla-calendar').nullable().optional(),
  lines: linesInput.optional(),
});
export type UpdateAgreementInput = z.output<typeof updateAgreementInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly store: AgreementStore;
  readonly audit: AuditTrail;
}

/** Changes a draft. */
export class UpdateAgreement {
  readonly #db: ScopedDb<AgreementTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AgreementTables>();
    this.#deps = deps;
  }

  /** Throws `agreements.agreement-changed` on a stale version, `agreements.not-draft`, `agreements.ends-before-start`. A draft’s predecessor is looked at as it is put into force. */
  async run(scope: TenantScope, input: UpdateAgreementInput): Promise<{ version: number }> {
    const { store, audit } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const before = await store.forChange(tx, input.agreementId);
      assertDraft(before.state);
      if (input.lines !== undefined) assertLines(input.lines);
      const startsOn = input.startsOn === undefined ? before.starts_on : Temporal.PlainDate.from(input.startsOn);
      const endsOn =
        input.endsOn === undefined
          ? before.ends_on
          : input.endsOn === null
            ? null
            : Temporal.PlainDate.from(input.endsOn);
      assertPeriod(startsOn, endsOn);
      await assertCalendar(tx, input.calendarId);
      await store.update(tx, input.agreementId, input.version, {
        name: input.name ?? before.name,
        reference: input.reference ?? before.reference,
        starts_on: startsOn,
        ends_on: endsOn,
        billing_period: input.billingPeriod ?? before.billing_period,
        calendar_id: input.calendarId === undefined ? before.calendar_id : input.calendarId,
      });
      if (input.lines !== undefined)
        await store.replaceLines(tx, { id: before.id, clientId: before.client_id }, input.lines);
      await audit.record(tx, {
        action: 'agreements.update-agreement',
        subject: { kind: 'agreement', id: before.id, clientId: before.client_id },
        summary: `Changed the draft of the agreement ${before.name}`,
        before: {
          name: before.name,
          startsOn: before.starts_on.toString(),
          endsOn: before.ends_on?.toString() ?? null,
        },
        after: input,
      });
      return { version: input.version + 1 };
    });
  }
}
