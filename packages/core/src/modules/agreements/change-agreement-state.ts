import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { dateSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { AgreementRow, AgreementStore } from './agreement-store.ts';
import type { AgreementTables } from './agreement-table.ts';
import { assertPeriod } from './create-agreement.ts';

export const activateAgreementInput = z.object({ agreementId: idSchema('agreement'), version: z.int() });
export const endAgreementInput = z.object({ agreementId: idSchema('agreement'), version: z.int(), endsOn: dateSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly store: AgreementStore;
  readonly audit: AuditTrail;
}

/** Puts a draft into force, or ends what is in force. */
export class ChangeAgreementState {
  readonly #db: ScopedDb<AgreementTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<AgreementTables>();
    this.#deps = deps;
  }

  /** A draft holds from its start on. Throws `agreements.not-draft`, `agreements.agreement-changed`. */
  async activate(
    scope: TenantScope,
    input: z.output<typeof activateAgreementInput>,
    within?: AnyTransaction,
  ): Promise<{ version: number }> {
    return this.#change(scope, input, within, (before) => {
      if (before.state !== 'draft')
        throw new ConflictError('agreements.not-draft', `This agreement is ${before.state} already.`);
      return { change: { state: 'active' as const }, summary: `Put the agreement ${before.name} into force` };
    });
  }

  /**
   * Sets the last day of an agreement in force; it goes on holding until then, and for work done until then. The nightly sweep calls it ended.
   * Throws `agreements.not-active`, `agreements.ends-before-start`, `agreements.agreement-changed`.
   */
  async end(
    scope: TenantScope,
    input: z.output<typeof endAgreementInput>,
    within?: AnyTransaction,
  ): Promise<{ version: number }> {
    return this.#change(scope, input, within, (before) => {
      if (before.state !== 'active')
        throw new ConflictError('agreements.not-active', `This agreement is ${before.state}; only an active one ends.`);
      const endsOn = Temporal.PlainDate.from(input.endsOn);
      assertPeriod(before.starts_on, endsOn);
      return { change: { ends_on: endsOn }, summary: `Ended the agreement ${before.name} on ${input.endsOn}` };
    });
  }

  async #change(
    scope: TenantScope,
    input: z.output<typeof activateAgreementInput>,
    within: AnyTransaction | undefined,
    decide: (before: AgreementRow) => { change: Partial<Pick<AgreementRow, 'state' | 'ends_on'>>; summary: string },
  ): Promise<{ version: number }> {
    const { store, audit } = this.#deps;
    return this.#db.transaction(
      scope,
      async (tx) => {
        const before = await store.forChange(tx, input.agreementId);
        const { change, summary } = decide(before);
        await store.update(tx, before.id, input.version, change);
        await audit.record(tx, {
          action: 'agreements.change-agreement-state',
          subject: { kind: 'agreement', id: before.id, clientId: before.client_id },
          summary,
          before: { state: before.state, endsOn: before.ends_on?.toString() ?? null },
          after: {
            state: change.state ?? before.state,
            endsOn: (change.ends_on ?? before.ends_on)?.toString() ?? null,
          },
        });
        return { version: input.version + 1 };
      },
      within,
    );
  }
}
