import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertSteps, macroStep, macroSteps, type MacroStep } from './macro.ts';
import { assertMayChange, changed, nameTaken, notFound, ownerOf } from './reply-owner.ts';
import type { ReplyMacroId, ReplyTables } from './reply-table.ts';
import { namedInput, ownedInput, refuseTakenName, safeWords } from './templates.ts';

export const createMacroInput = z.object({ ...ownedInput, steps: macroSteps });
export const updateMacroInput = z.object({
  macroId: idSchema('reply-macro'),
  version: z.int(),
  ...namedInput,
  steps: macroSteps,
});
export const removeMacroInput = z.object({ macroId: idSchema('reply-macro') });
export const macroView = z.object({
  id: idSchema('reply-macro'),
  name: z.string(),
  folder: z.string(),
  isShared: z.boolean(),
  steps: z.array(macroStep),
  version: z.int(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Macros: several steps under one name, shared by all or somebody's own. */
export class Macros {
  readonly #db: ScopedDb<ReplyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ReplyTables>();
    this.#deps = deps;
  }

  /** Those that the caller may run, by folder and name. */
  async list(scope: TenantScope): Promise<z.input<typeof macroView>[]> {
    const me = await this.#deps.staff.of(scope);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_macro')
        .select(['id', 'owner_id', 'name', 'folder', 'steps', 'version'])
        .where((either) => either.or([either('owner_id', 'is', null), either('owner_id', '=', me)]))
        .orderBy('folder')
        .orderBy('name')
        .orderBy('id')
        .limit(500),
    );
    return rows.map(({ owner_id: owner, ...row }) => ({ ...row, isShared: owner === null }));
  }

  /** One that the caller may run. Throws `replies.not-found`. */
  async get(scope: TenantScope, macroId: ReplyMacroId): Promise<{ name: string; steps: readonly MacroStep[] }> {
    const me = await this.#deps.staff.of(scope);
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('reply_macro').select(['name', 'steps', 'owner_id']).where('id', '=', macroId),
    );
    if (row === undefined || (row.owner_id !== null && row.owner_id !== me)) throw notFound();
    return row;
  }

  /** One that all share, for what runs in nobody's name. Throws `replies.not-found`, also for somebody's own. */
  async getShared(scope: TenantScope, macroId: ReplyMacroId): Promise<{ name: string; steps: readonly MacroStep[] }> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('reply_macro').select(['name', 'steps']).where('id', '=', macroId).where('owner_id', 'is', null),
    );
    if (row === undefined) throw notFound();
    return row;
  }

  /** What each of some macros does that all share, by id; what is gone or somebody's own is left out. */
  async stepsOf(scope: TenantScope, ids: readonly ReplyMacroId[]): Promise<ReadonlyMap<string, readonly MacroStep[]>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_macro')
        .select(['id', 'steps'])
        .where('id', 'in', [...ids])
        .where('owner_id', 'is', null),
    );
    return new Map(rows.map(({ id, steps }) => [id, steps]));
  }

  /** Throws `replies.step-twice`, `replies.unknown-placeholder`, `replies.empty-text`, `replies.name-taken`, `replies.not-staff`, `scope.needs-all-clients`. */
  async create(scope: TenantScope, input: z.output<typeof createMacroInput>): Promise<{ macroId: ReplyMacroId }> {
    const owner = await ownerOf(this.#deps.staff, scope, input.isShared);
    const steps = safeSteps(input.steps);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'reply-macro'>();
      const made = await tx.query
        .insertInto('reply_macro')
        .values({
          msp_id: scope.mspId,
          id,
          owner_id: owner,
          name: input.name,
          folder: input.folder,
          steps: JSON.stringify(steps),
          created_at: this.#deps.clock.now(),
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'owner_id', 'folder', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) throw nameTaken();
      await this.#deps.audit.record(tx, {
        action: 'replies.create-macro',
        subject: { kind: 'reply-macro', id, clientId: null },
        summary: `Made the macro ${input.name}`,
        after: { name: input.name, steps: steps.map((step) => step.kind), isShared: input.isShared },
      });
      return { macroId: id };
    });
  }

  /** Throws as `create` does, and `replies.not-found`, `replies.changed`. */
  async update(scope: TenantScope, input: z.output<typeof updateMacroInput>): Promise<{ version: number }> {
    const steps = safeSteps(input.steps);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('reply_macro')
        .select(['owner_id', 'version', 'name'])
        .where('id', '=', input.macroId)
        .forUpdate()
        .executeTakeFirst();
      await assertMayChange(this.#deps.staff, tx.scope, before);
      if (before?.version !== input.version) throw changed();
      await tx.query
        .updateTable('reply_macro')
        .set({ name: input.name, folder: input.folder, steps: JSON.stringify(steps), version: input.version + 1 })
        .where('id', '=', input.macroId)
        .execute()
        .catch(refuseTakenName);
      await this.#deps.audit.record(tx, {
        action: 'replies.update-macro',
        subject: { kind: 'reply-macro', id: input.macroId, clientId: null },
        summary: `Changed the macro ${input.name}`,
        before: { name: before.name },
        after: { name: input.name, steps: steps.map((step) => step.kind) },
      });
      return { version: input.version + 1 };
    });
  }

  /** Throws `replies.not-found`, `scope.needs-all-clients`. */
  async remove(scope: TenantScope, { macroId }: z.output<typeof removeMacroInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('reply_macro')
        .select(['owner_id', 'name'])
        .where('id', '=', macroId)
        .forUpdate()
        .executeTakeFirst();
      await assertMayChange(this.#deps.staff, tx.scope, before);
      await tx.query.deleteFrom('reply_macro').where('id', '=', macroId).execute();
      await this.#deps.audit.record(tx, {
        action: 'replies.remove-macro',
        subject: { kind: 'reply-macro', id: macroId, clientId: null },
        summary: `Removed the macro ${before?.name ?? ''}`,
        before: { name: before?.name },
      });
    });
  }
}

function safeSteps(steps: readonly MacroStep[]): MacroStep[] {
  assertSteps(steps);
  return steps.map((step) => ('html' in step ? { ...step, html: safeWords(step.html) } : step));
}
