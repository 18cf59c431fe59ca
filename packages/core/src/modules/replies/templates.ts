import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import { assertWritten, makeRichText, richHtmlSchema } from '#platform/rich-text/rich-text';
import { assertPlaceholders, fillPlaceholders } from './placeholders.ts';
import { assertMayChange, changed, nameTaken, notFound, ownerOf } from './reply-owner.ts';
import type { ReplyTables, ReplyTemplateId } from './reply-table.ts';
import type { TicketValues } from './ticket-values.ts';

export const namedInput = {
  name: text({ max: 100 }),
  /** Where it stands in the list; empty for the top. */
  folder: text({ min: 0, max: 100 }).default(''),
};
export const ownedInput = {
  ...namedInput,
  /** For all colleagues; otherwise for the caller alone. */
  isShared: z.boolean().default(false),
};
const words = {
  html: richHtmlSchema,
  /** The language of the text, such as `de`; null where it does not matter. */
  language: z
    .string()
    .regex(/^[a-z]{2}$/, { error: 'must be a language of two letters, such as en' })
    .nullable()
    .default(null),
};
export const createTemplateInput = z.object({ ...ownedInput, ...words });
export const updateTemplateInput = z.object({
  templateId: idSchema('reply-template'),
  version: z.int(),
  ...namedInput,
  ...words,
});
export const removeTemplateInput = z.object({ templateId: idSchema('reply-template') });
export const fillTemplateInput = z.object({ templateId: idSchema('reply-template'), ticketId: idSchema('ticket') });
export const templateView = z.object({
  id: idSchema('reply-template'),
  name: z.string(),
  folder: z.string(),
  isShared: z.boolean(),
  html: z.string(),
  language: z.string().nullable(),
  version: z.int(),
});
export const filledView = z.object({
  html: z.string(),
  /** Placeholders that nothing is known for; they stand in the text still, to be written over before it is sent. */
  missing: z.array(z.string()),
});

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly values: TicketValues;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

const MAX_LETTERS = 20_000;
/** More than a desk keeps; a list that is longer is searched, not read. */
const MAX_LISTED = 1000;

/** Canned replies: shared by all, or somebody's own. */
export class Templates {
  readonly #db: ScopedDb<ReplyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ReplyTables>();
    this.#deps = deps;
  }

  /** Those that the caller may use, by folder and name. */
  async list(scope: TenantScope): Promise<z.input<typeof templateView>[]> {
    const me = await this.#deps.staff.of(scope);
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('reply_template')
        .select(['id', 'owner_id', 'name', 'folder', 'html', 'language', 'version'])
        .where((either) => either.or([either('owner_id', 'is', null), either('owner_id', '=', me)]))
        .orderBy('folder')
        .orderBy('name')
        .orderBy('id')
        .limit(MAX_LISTED),
    );
    return rows.map(({ owner_id: owner, ...row }) => ({ ...row, isShared: owner === null }));
  }

  /** Throws `replies.unknown-placeholder`, `replies.empty-text`, `replies.name-taken`, `replies.not-staff`, `scope.needs-all-clients`. */
  async create(
    scope: TenantScope,
    input: z.output<typeof createTemplateInput>,
  ): Promise<{ templateId: ReplyTemplateId }> {
    const owner = await ownerOf(this.#deps.staff, scope, input.isShared);
    const html = safeWords(input.html);
    return this.#db.transaction(scope, async (tx) => {
      const id = newId<'reply-template'>();
      const made = await tx.query
        .insertInto('reply_template')
        .values({
          msp_id: scope.mspId,
          id,
          owner_id: owner,
          name: input.name,
          folder: input.folder,
          html,
          language: input.language,
          created_at: this.#deps.clock.now(),
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'owner_id', 'folder', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made === undefined) throw nameTaken();
      await this.#deps.audit.record(tx, {
        action: 'replies.create-template',
        subject: { kind: 'reply-template', id, clientId: null },
        summary: `Made the canned reply ${input.name}`,
        after: { name: input.name, folder: input.folder, isShared: input.isShared },
      });
      return { templateId: id };
    });
  }

  /** Throws as `create` does, and `replies.not-found`, `replies.changed`. */
  async update(scope: TenantScope, input: z.output<typeof updateTemplateInput>): Promise<{ version: number }> {
    const html = safeWords(input.html);
    return this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('reply_template')
        .select(['owner_id', 'version', 'name'])
        .where('id', '=', input.templateId)
        .forUpdate()
        .executeTakeFirst();
      await assertMayChange(this.#deps.staff, tx.scope, before);
      if (before?.version !== input.version) throw changed();
      await tx.query
        .updateTable('reply_template')
        .set({
          name: input.name,
          folder: input.folder,
          html,
          language: input.language,
          version: input.version + 1,
        })
        .where('id', '=', input.templateId)
        .execute()
        .catch(refuseTakenName);
      await this.#deps.audit.record(tx, {
        action: 'replies.update-template',
        subject: { kind: 'reply-template', id: input.templateId, clientId: null },
        summary: `Changed the canned reply ${input.name}`,
        before: { name: before.name },
        after: { name: input.name, folder: input.folder },
      });
      return { version: input.version + 1 };
    });
  }

  /** Throws `replies.not-found`, `scope.needs-all-clients`. */
  async remove(scope: TenantScope, { templateId }: z.output<typeof removeTemplateInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const before = await tx.query
        .selectFrom('reply_template')
        .select(['owner_id', 'name'])
        .where('id', '=', templateId)
        .forUpdate()
        .executeTakeFirst();
      await assertMayChange(this.#deps.staff, tx.scope, before);
      await tx.query.deleteFrom('reply_template').where('id', '=', templateId).execute();
      await this.#deps.audit.record(tx, {
        action: 'replies.remove-template',
        subject: { kind: 'reply-template', id: templateId, clientId: null },
        summary: `Removed the canned reply ${before?.name ?? ''}`,
        before: { name: before?.name },
      });
    });
  }

  /** The text with a ticket's values in it. Throws `replies.not-found`, `tickets.ticket-not-found`. */
  async fill(
    scope: TenantScope,
    { templateId, ticketId }: z.output<typeof fillTemplateInput>,
  ): Promise<z.input<typeof filledView>> {
    const values = await this.#deps.values.of(scope, ticketId);
    const me = await this.#deps.staff.of(scope);
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('reply_template').select(['html', 'owner_id']).where('id', '=', templateId),
    );
    if (row === undefined || (row.owner_id !== null && row.owner_id !== me)) throw notFound();
    const { html, missing } = fillPlaceholders(row.html, values);
    return { html, missing: [...missing] };
  }
}

/** The safe subset of a text with placeholders, all of which exist. */
export function safeWords(source: string): string {
  const rich = makeRichText(source);
  assertWritten(rich, 'replies.empty-text', MAX_LETTERS);
  assertPlaceholders(rich.html, 'html');
  return rich.html;
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
export function refuseTakenName(error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === '23505') throw nameTaken();
  throw error;
}
