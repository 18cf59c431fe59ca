import { z } from 'zod';
import { ConflictError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { dateSchema } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { AgreementRow, AgreementStore } from './agreement-store.ts';
import type { AgreementTables } from './agreement-table.ts';
import { assertPeriod, assertSuccession } from './create-agreement.ts';

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

  /**
   * A draft holds from its start on; what it succeeds ends the day before. Throws `agreements.not-draft`, `agreements.agreement-changed`, `agreements.starts-before-predecessor`.
   */
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

  /** What ends sooner already, or has ended, is left as it is. */
  async #endPredecessor(tx: ScopedTransaction<AgreementTables>, successor: AgreementRow): Promise<void> {
    if (successor.succeeds_id === null) return;
    const { store, audit } = this.#deps;
    const before = await store.forChange(tx, successor.succeeds_id);
    assertSuccession(before, successor.starts_on);
    const endsOn = successor.starts_on.subtract({ days: 1 });
    if (before.state !== 'active') return;
    if (before.ends_on !== null && Temporal.PlainDate.compare(before.ends_on, endsOn) <= 0) return;
    await store.update(tx, before.id, before.version, { ends_on: endsOn });
    await audit.record(tx, {
      action: 'agreements.change-agreement-state',
      subject: { kind: 'agreement', id: before.id, clientId: before.client_id },
      summary: `Ended the agreement ${before.name} on ${endsOn.toString()}, since ${successor.name} succeeds it`,
      before: { endsOn: before.ends_on?.toString() ?? null },
      after: { endsOn: endsOn.toString() },
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
        if (change.state === 'active') await this.#endPredecessor(tx, before);
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
