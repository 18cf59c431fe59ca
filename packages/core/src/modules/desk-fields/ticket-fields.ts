import { Decimal } from 'decimal.js';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import { TICKET_TYPES } from '#modules/desk-catalogue';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { DeskFieldId, DeskFieldsTables } from './desk-fields-table.ts';
import { FIELD_TYPES, REQUIRED_ON } from './field.ts';

type Tx = ScopedTransaction<DeskFieldsTables>;

/** More than these, and nobody fills them in. */
const MAX_FIELDS = 100;

const limit = z
  .string()
  .max(20)
  .regex(/^-?\d+(\.\d+)?$/, { error: 'must be a number' })
  .nullable()
  .default(null);
const settings = {
  name: text({ max: 80 }),
  help: text({ min: 0, max: 200 }).default(''),
  /** None is every type. */
  ticketTypes: z.array(z.enum(TICKET_TYPES)).max(4).default([]),
  requiredOn: z.enum(REQUIRED_ON).default('never'),
  /** Whether the client's contacts see it, and may fill it in. */
  isPublic: z.boolean().default(false),
  maxLength: z.int().min(1).max(5000).nullable().default(null),
  min: limit,
  max: limit,
  place: z.int().min(0).max(10_000).default(100),
};
export const createFieldInput = z.object({
  ...settings,
  type: z.enum(FIELD_TYPES),
  choices: z
    .array(text({ max: 80 }))
    .max(200, { error: 'must be at most 200 choices' })
    .default([]),
});
export const updateFieldInput = z.object({
  fieldId: idSchema('desk-field'),
  version: z.int(),
  ...settings,
  /** False retires it: tickets keep their values, and no form asks for it. */
  isActive: z.boolean(),
  /** In their order. One without an id is new; one left out is retired. */
  choices: z
    .array(z.object({ choiceId: idSchema('desk-field-choice').nullable().default(null), label: text({ max: 80 }) }))
    .max(200, { error: 'must be at most 200 choices' })
    .default([]),
});
export const fieldView = z.object({
  id: idSchema('desk-field'),
  name: z.string(),
  help: z.string(),
  type: z.enum(FIELD_TYPES),
  ticketTypes: z.array(z.enum(TICKET_TYPES)),
  requiredOn: z.enum(REQUIRED_ON),
  isPublic: z.boolean(),
  maxLength: z.int().nullable(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  place: z.int(),
  isActive: z.boolean(),
  choices: z.array(z.object({ id: idSchema('desk-field-choice'), label: z.string(), isActive: z.boolean() })),
  version: z.int(),
});
export type FieldView = z.input<typeof fieldView>;

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The definitions of custom fields. A field never changes its type, and none is deleted: what tickets say stays readable. */
export class TicketFields {
  readonly #db: ScopedDb<DeskFieldsTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<DeskFieldsTables>();
    this.#deps = deps;
  }

  /** All fields in their order, retired ones too; contacts get the public ones. */
  async list(scope: TenantScope): Promise<FieldView[]> {
    const [fields, choices] = await Promise.all([
      this.#db.read(scope, (query) =>
        query.selectFrom('desk_field').selectAll().orderBy('place').orderBy('id').limit(1000),
      ),
      this.#db.read(scope, (query) =>
        query.selectFrom('desk_field_choice').selectAll().orderBy('place').orderBy('id').limit(20_000),
      ),
    ]);
    const byField = Map.groupBy(choices, (choice) => choice.field_id);
    return fields.map((field) =>
      viewOf(
        field,
        (byField.get(field.id) ?? []).map((one) => ({ id: one.id, label: one.label, isActive: one.is_active })),
      ),
    );
  }

  /** Throws `scope.needs-all-clients`, `desk-fields.field-name-taken`, `desk-fields.definition-refused`, `desk-fields.too-many-fields`. */
  async create(scope: TenantScope, input: z.output<typeof createFieldInput>): Promise<{ fieldId: DeskFieldId }> {
    requireWholeMsp(scope);
    assertDefinition(input);
    return this.#db.transaction(scope, async (tx) => {
      const { count } = await tx.query
        .selectFrom('desk_field')
        .select((all) => all.fn.countAll<number>().as('count'))
        .where('is_active', '=', true)
        .executeTakeFirstOrThrow();
      if (count >= MAX_FIELDS)
        throw new ConflictError(
          'desk-fields.too-many-fields',
          `There are ${MAX_FIELDS} fields already. Retire one first.`,
        );
      const id = newId<'desk-field'>();
      await tx.query
        .insertInto('desk_field')
        .values({
          msp_id: scope.mspId,
          id,
          type: input.type,
          ...columnsOf(input),
          created_at: this.#deps.clock.now(),
        })
        .execute()
        .catch(refuseTakenName);
      await writeChoices(
        tx,
        id,
        input.choices.map((label) => ({ choiceId: null, label })),
      );
      await this.#record(tx, id, `Made the field ${input.name}`, input);
      return { fieldId: id };
    });
  }

  /** Throws `scope.needs-all-clients`, `desk-fields.field-not-found`, `desk-fields.field-changed` on a stale version, and as `create`. */
  async update(scope: TenantScope, input: z.output<typeof updateFieldInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('desk_field')
        .selectAll()
        .where('id', '=', input.fieldId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('desk-fields.field-not-found', 'There is no such field.');
      if (before.version !== input.version)
        throw new ConflictError(
          'desk-fields.field-changed',
          'Somebody else changed this field meanwhile. Look at it again, then repeat your change.',
        );
      assertDefinition({ ...input, type: before.type });
      const version = before.version + 1;
      await tx.query
        .updateTable('desk_field')
        .set({ ...columnsOf(input), is_active: input.isActive, version })
        .where('id', '=', before.id)
        .execute()
        .catch(refuseTakenName);
      await writeChoices(tx, before.id, input.choices);
      await this.#record(tx, before.id, `Changed the field ${input.name}`, input);
      return { version };
    });
  }

  async #record(tx: Tx, id: DeskFieldId, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'desk-fields.manage-field',
      subject: { kind: 'desk-field', id, clientId: null },
      summary,
      after,
    });
  }
}

type Settings = z.output<z.ZodObject<typeof settings>>;

function columnsOf(input: Settings) {
  return {
    name: input.name,
    help: input.help,
    ticket_types: input.ticketTypes,
    required_on: input.requiredOn,
    is_public: input.isPublic,
    max_length: input.maxLength,
    min_number: input.min === null ? null : new Decimal(input.min),
    max_number: input.max === null ? null : new Decimal(input.max),
    place: input.place,
  };
}

function assertDefinition(
  input: Pick<Settings, 'min' | 'max'> & { type: string; choices: readonly (string | { label: string })[] },
): void {
  const hasChoices = input.type === 'choice' || input.type === 'multi-choice';
  if (hasChoices && input.choices.length === 0) throw wrong('choices', 'must have at least one choice');
  if (!hasChoices && input.choices.length > 0) throw wrong('choices', `do not go with a field of type ${input.type}`);
  const labels = input.choices.map((choice) => (typeof choice === 'string' ? choice : choice.label).toLowerCase());
  const twice = labels.findIndex((label, index) => labels.indexOf(label) !== index);
  if (twice !== -1) throw wrong('choices', `has ${labels[twice]} twice`);
  if (input.min !== null && input.max !== null && new Decimal(input.min).greaterThan(input.max))
    throw wrong('max', 'must not be less than the least');
}

function wrong(field: string, message: string): InvalidInputError {
  return new InvalidInputError('desk-fields.definition-refused', `${field} ${message}.`, {
    fields: [{ path: [field], message }],
  });
}

/** Writes a field's choices in their order; those that are not named any more stay for the tickets that have them. */
async function writeChoices(
  tx: Tx,
  fieldId: DeskFieldId,
  choices: readonly { choiceId: string | null; label: string }[],
): Promise<void> {
  const known = await tx.query.selectFrom('desk_field_choice').select('id').where('field_id', '=', fieldId).execute();
  const ids = new Set<string>(known.map((row) => row.id));
  const lost = choices.findIndex(({ choiceId }) => choiceId !== null && !ids.has(choiceId));
  if (lost !== -1)
    throw new NotFoundError('desk-fields.choice-not-found', 'This choice is not of this field.', {
      fields: [{ path: ['choices', lost, 'choiceId'], message: 'is no choice of this field' }],
    });
  const rows = choices.map(({ choiceId, label }, place) => ({ id: choiceId ?? newId(), label, place }));
  await tx.sql(`update desk_field_choice set is_active = false where msp_id = $1 and field_id = $2`, [
    tx.scope.mspId,
    fieldId,
  ]);
  await tx.sql(
    `insert into desk_field_choice (msp_id, id, field_id, label, place)
     select $1, n.id, $2, n.label, n.place from unnest($3::uuid[], $4::text[], $5::integer[]) n(id, label, place)
     on conflict (msp_id, id) do update set label = excluded.label, place = excluded.place, is_active = true`,
    [tx.scope.mspId, fieldId, rows.map(({ id }) => id), rows.map(({ label }) => label), rows.map(({ place }) => place)],
  );
}

function viewOf(row: Selectable<DeskFieldsTables['desk_field']>, choices: FieldView['choices']): FieldView {
  return {
    id: row.id,
    name: row.name,
    help: row.help,
    type: row.type,
    ticketTypes: row.ticket_types,
    requiredOn: row.required_on,
    isPublic: row.is_public,
    maxLength: row.max_length,
    min: row.min_number?.toFixed() ?? null,
    max: row.max_number?.toFixed() ?? null,
    place: row.place,
    isActive: row.is_active,
    choices,
    version: row.version,
  };
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
function refuseTakenName(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505')
    throw new ConflictError('desk-fields.field-name-taken', 'There is a field of this name already.', {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
  throw error;
}
