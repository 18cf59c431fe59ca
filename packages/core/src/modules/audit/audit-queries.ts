import { sql, type Selectable } from 'kysely';
import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AuditTables } from './audit-table.ts';

export const listEntriesInput = z.object({
  ...pageInput,
  clientId: clientIdSchema.optional(),
  actorId: z.uuid().optional(),
  subjectKind: z.string().max(60).optional(),
  subjectId: z.uuid().optional(),
});
export const listClientEntriesInput = z.object(pageInput);
const entryFields = {
  id: idSchema('audit-entry'),
  at: z.iso.datetime(),
  actor: z.object({ kind: z.string(), label: z.string() }),
  action: z.string(),
  summary: z.string(),
  subject: z.object({ kind: z.string(), id: z.uuid() }),
};
export const clientEntryView = z.object(entryFields);
export const entryView = z.object({
  ...entryFields,
  actor: z.object({ kind: z.string(), label: z.string(), id: z.uuid() }),
  clientId: clientIdSchema.nullable(),
  before: z.unknown(),
  after: z.unknown(),
  ip: z.string().nullable(),
  isClientVisible: z.boolean(),
  isErased: z.boolean(),
});
type EntryView = z.input<typeof entryView>;
type ClientEntryView = z.input<typeof clientEntryView>;
type Row = Selectable<AuditTables['audit_entry']>;

/** Reads the trail, as far as the reader reaches. */
export class AuditQueries {
  readonly #db: ScopedDb<AuditTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<AuditTables>();
  }

  /** Entries, newest first. */
  async list(scope: TenantScope, input: z.output<typeof listEntriesInput>): Promise<Page<EntryView>> {
    return toPage(await this.#rows(scope, input), input.limit, toEntryView, (row) => [row.id]);
  }

  /** What a client's contacts may see of what was done with theirs, newest first. */
  async listForClient(
    scope: TenantScope,
    input: z.output<typeof listClientEntriesInput>,
  ): Promise<Page<ClientEntryView>> {
    return toPage(await this.#rows(scope, input), input.limit, toClientEntryView, (row) => [row.id]);
  }

  async #rows(scope: TenantScope, input: z.output<typeof listEntriesInput>): Promise<Row[]> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 1);
    const isContact = scope.audience === 'client' || scope.audience === 'client_it';
    return this.#db.read(scope, (query) => {
      let list = query.selectFrom('audit_entry').selectAll();
      if (isContact) list = list.where('is_client_visible', '=', true);
      if (input.clientId !== undefined) list = list.where('client_id', '=', input.clientId as never);
      if (input.actorId !== undefined) list = list.where('actor_id', '=', input.actorId);
      if (input.subjectKind !== undefined) list = list.where('subject_kind', '=', input.subjectKind);
      if (input.subjectId !== undefined) list = list.where('subject_id', '=', input.subjectId);
      if (after !== null) list = list.where(sql<boolean>`id < ${after[0]}::uuid`);
      return list.orderBy('id', 'desc').limit(input.limit + 1);
    });
  }
}

function toClientEntryView(row: Row): ClientEntryView {
  return {
    id: row.id,
    at: row.at.toString(),
    actor: { kind: row.actor_kind, label: row.actor_label },
    action: row.action,
    summary: row.summary,
    subject: { kind: row.subject_kind, id: row.subject_id },
  };
}

function toEntryView(row: Row): EntryView {
  return {
    ...toClientEntryView(row),
    actor: { kind: row.actor_kind, label: row.actor_label, id: row.actor_id },
    clientId: row.client_id,
    before: row.before,
    after: row.after,
    ip: row.ip,
    isClientVisible: row.is_client_visible,
    isErased: row.erased_at !== null,
  };
}
