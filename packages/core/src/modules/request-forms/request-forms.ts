import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { TicketCategories } from '#modules/desk-catalogue';
import type { TicketFields } from '#modules/desk-fields';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { PortalFormView, RequestFormView } from './request-form-view.ts';
import { FORM_TYPES, type RequestFormId, type RequestFormTables } from './request-forms-table.ts';

/** More than these, and nobody finds theirs. */
const MAX_FORMS = 50;

const settings = {
  name: text({ max: 80 }),
  description: text({ min: 0, max: 300 }).default(''),
  type: z.enum(FORM_TYPES),
  categoryId: idSchema('desk-category').nullable().default(null),
  /** In their order; only fields that contacts may see. */
  fields: z
    .array(z.object({ fieldId: idSchema('desk-field'), isRequired: z.boolean().default(false) }))
    .max(30, { error: 'must be at most 30 fields' })
    .default([]),
  place: z.int().min(0).max(10_000).default(100),
};
export const createFormInput = z.object(settings);
export const updateFormInput = z.object({
  formId: idSchema('request-form'),
  version: z.int(),
  ...settings,
  /** False takes it out of the portal; what came by it stays. */
  isActive: z.boolean(),
});
type Settings = z.output<typeof createFormInput>;
type Tx = ScopedTransaction<RequestFormTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly fields: TicketFields;
  readonly categories: TicketCategories;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The forms by which contacts ask for something in the portal. */
export class RequestForms {
  readonly #db: ScopedDb<RequestFormTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<RequestFormTables>();
    this.#deps = deps;
  }

  /** All forms in their order, retired ones too. */
  async list(scope: TenantScope): Promise<RequestFormView[]> {
    const [forms, asked] = await Promise.all([
      this.#db.read(scope, (query) =>
        query.selectFrom('request_form').selectAll().orderBy('place').orderBy('name').orderBy('id').limit(500),
      ),
      this.#db.read(scope, (query) =>
        query.selectFrom('request_form_field').selectAll().orderBy('place').orderBy('id').limit(15_000),
      ),
    ]);
    const byForm = Map.groupBy(asked, (one) => one.form_id);
    return forms.map((form) => ({
      id: form.id,
      name: form.name,
      description: form.description,
      type: form.ticket_type,
      categoryId: form.category_id,
      fields: (byForm.get(form.id) ?? []).map((one) => ({ fieldId: one.field_id, isRequired: one.is_required })),
      place: form.place,
      isActive: form.is_active,
      version: form.version,
    }));
  }

  /** The forms that a contact can fill in. A field that was retired or hidden from contacts since is not asked. */
  async forContact(scope: TenantScope): Promise<PortalFormView[]> {
    const [forms, fields] = await Promise.all([this.list(scope), this.#deps.fields.list(scope)]);
    const known = new Map(fields.filter((field) => field.isActive).map((field) => [field.id, field]));
    return forms
      .filter((form) => form.isActive)
      .map(({ id, name, description, type, fields: asked }) => ({
        id,
        name,
        description,
        type,
        fields: asked.flatMap(({ fieldId, isRequired }) => {
          const field = known.get(fieldId);
          if (field === undefined) return [];
          const {
            ticketTypes,
            requiredOn: _,
            isPublic: __,
            isActive: ___,
            version: ____,
            place: _____,
            ...shown
          } = field;
          if (ticketTypes.length > 0 && !ticketTypes.includes(type)) return [];
          return [{ ...shown, choices: shown.choices.filter((choice) => choice.isActive), isRequired }];
        }),
      }));
  }

  /** Throws `scope.needs-all-clients`, `request-forms.form-name-taken`, `request-forms.too-many-forms`, `request-forms.field-refused`, `desk-catalogue.category-not-found`. */
  async create(scope: TenantScope, input: Settings): Promise<{ formId: RequestFormId }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const { count } = await tx.query
        .selectFrom('request_form')
        .select((all) => all.fn.countAll<number>().as('count'))
        .where('is_active', '=', true)
        .executeTakeFirstOrThrow();
      if (count >= MAX_FORMS)
        throw new ConflictError(
          'request-forms.too-many-forms',
          `There are ${MAX_FORMS} forms already. Retire one first.`,
        );
      const id = newId<'request-form'>();
      await tx.query
        .insertInto('request_form')
        .values({ msp_id: scope.mspId, id, ...columnsOf(input), created_at: this.#deps.clock.now() })
        .execute()
        .catch(refuseTakenName);
      await this.#ask(tx, id, input);
      await this.#record(tx, id, `Made the form ${input.name}`, input);
      return { formId: id };
    });
  }

  /** Throws `request-forms.form-not-found`, `request-forms.form-changed` on a stale version, and as `create`. */
  async update(scope: TenantScope, input: z.output<typeof updateFormInput>): Promise<{ version: number }> {
    requireWholeMsp(scope);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('request_form')
        .selectAll()
        .where('id', '=', input.formId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) throw new NotFoundError('request-forms.form-not-found', 'There is no such form.');
      if (before.version !== input.version)
        throw new ConflictError(
          'request-forms.form-changed',
          'Somebody else changed this form meanwhile. Look at it again, then repeat your change.',
        );
      const version = before.version + 1;
      await tx.query
        .updateTable('request_form')
        .set({ ...columnsOf(input), is_active: input.isActive, version })
        .where('id', '=', before.id)
        .execute()
        .catch(refuseTakenName);
      await this.#ask(tx, before.id, input);
      await this.#record(tx, before.id, `Changed the form ${input.name}`, input);
      return { version };
    });
  }

  /** Writes which fields a form asks for, each of them one that its readers may see. */
  async #ask(tx: Tx, formId: RequestFormId, input: Settings): Promise<void> {
    if (input.categoryId !== null) await this.#deps.categories.assertUsable(tx, input.categoryId, input.type);
    const known = new Map((await this.#deps.fields.list(tx.scope)).map((field) => [field.id as string, field]));
    const seen = new Set<string>();
    for (const [index, { fieldId }] of input.fields.entries()) {
      const field = known.get(fieldId);
      const wrong =
        field === undefined || !field.isActive
          ? 'is no custom field'
          : seen.has(fieldId)
            ? 'comes twice'
            : !field.isPublic
              ? 'is not for contacts to see'
              : field.ticketTypes.length > 0 && !field.ticketTypes.includes(input.type)
                ? `is no field of a ${input.type}`
                : field.type === 'contact' || field.type === 'asset'
                  ? 'is of a type that contacts cannot fill in'
                  : null;
      if (wrong !== null)
        throw new InvalidInputError('request-forms.field-refused', `${field?.name ?? 'This'} ${wrong}.`, {
          fields: [{ path: ['fields', index, 'fieldId'], message: wrong }],
        });
      seen.add(fieldId);
    }
    await tx.query.deleteFrom('request_form_field').where('form_id', '=', formId).execute();
    if (input.fields.length > 0)
      await tx.query
        .insertInto('request_form_field')
        .values(
          input.fields.map(({ fieldId, isRequired }, place) => ({
            msp_id: tx.scope.mspId,
            id: newId<'request-form-field'>(),
            form_id: formId,
            field_id: fieldId,
            is_required: isRequired,
            place,
          })),
        )
        .execute();
  }

  async #record(tx: Tx, id: RequestFormId, summary: string, after: object): Promise<void> {
    const subject = { kind: 'request-form', id, clientId: null };
    await this.#deps.audit.record(tx, { action: 'request-forms.manage-form', subject, summary, after });
  }
}

function columnsOf(input: Settings) {
  return {
    name: input.name,
    description: input.description,
    ticket_type: input.type,
    category_id: input.categoryId,
    place: input.place,
  };
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
function refuseTakenName(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505')
    throw new ConflictError('request-forms.form-name-taken', 'There is a form of this name already.', {
      fields: [{ path: ['name'], message: 'is taken' }],
    });
  throw error;
}
