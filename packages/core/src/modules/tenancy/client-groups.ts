import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId, type ClientId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { assertFresh } from './stale-version.ts';
import type { ClientGroupId, TenancyTables } from './tenancy-table.ts';

const groupIdSchema = idSchema('client-group');
export const createGroupInput = z.object({ name: text({ max: 80 }) });
export const setGroupMembersInput = z.object({
  groupId: groupIdSchema,
  version: z.int(),
  clientIds: z.array(clientIdSchema).max(2000),
});
export const groupView = z.object({
  id: groupIdSchema,
  name: z.string(),
  clientIds: z.array(clientIdSchema),
  version: z.int(),
});
export const createGroupOutput = z.object({ groupId: groupIdSchema });

interface Deps {
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Groups of clients, for views and for policies that hold for several. */
export class ClientGroups {
  readonly #db: ScopedDb<TenancyTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<TenancyTables>();
    this.#deps = deps;
  }

  /** All groups by name, each with those members that the reader reaches. */
  async list(scope: TenantScope): Promise<z.input<typeof groupView>[]> {
    const groups = await this.#db.read(scope, (query) =>
      query.selectFrom('client_group').selectAll().orderBy('name').limit(500),
    );
    const members = await this.#db.read(scope, (query) =>
      query.selectFrom('client_group_member').select(['group_id', 'client_id']).limit(20_000),
    );
    const byGroup = Map.groupBy(members, (member) => member.group_id);
    return groups.map((group) => ({
      id: group.id,
      name: group.name,
      clientIds: (byGroup.get(group.id) ?? []).map((member) => member.client_id),
      version: group.version,
    }));
  }

  /** Throws `tenancy.group-name-taken`. */
  async create(scope: TenantScope, input: z.output<typeof createGroupInput>): Promise<{ groupId: ClientGroupId }> {
    return this.#db.transaction(scope, async (tx) => {
      const taken = await tx.query
        .selectFrom('client_group')
        .select('id')
        .where('name', '=', input.name)
        .executeTakeFirst();
      if (taken !== undefined)
        throw new ConflictError('tenancy.group-name-taken', `There is a group ${input.name} already.`, {
          fields: [{ path: ['name'], message: 'is taken' }],
        });
      const id: ClientGroupId = newId();
      await tx.query
        .insertInto('client_group')
        .values({ msp_id: scope.mspId, id, name: input.name, created_at: this.#deps.clock.now() })
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'tenancy.create-group',
        subject: { kind: 'client-group', id, clientId: null },
        summary: `Made the group ${input.name}`,
      });
      return { groupId: id };
    });
  }

  /** Sets a group's members, as far as the caller reaches: members beyond stay. Throws `tenancy.client-not-found`, `tenancy.client-group-changed`. */
  async setMembers(scope: TenantScope, input: z.output<typeof setGroupMembersInput>): Promise<{ version: number }> {
    return this.#db.transaction(scope, async (tx) => {
      const group = await tx.query
        .selectFrom('client_group')
        .selectAll()
        .where('id', '=', input.groupId as ClientGroupId)
        .forUpdate()
        .executeTakeFirst();
      assertFresh('client-group', group, input.version);
      const wanted = [...new Set(input.clientIds)] as ClientId[];
      await assertClients(tx, wanted);
      const before = await tx.query
        .selectFrom('client_group_member')
        .select('client_id')
        .where('group_id', '=', group.id)
        .execute();
      await tx.query.deleteFrom('client_group_member').where('group_id', '=', group.id).execute();
      if (wanted.length > 0)
        await tx.query
          .insertInto('client_group_member')
          .values(wanted.map((client_id) => ({ msp_id: scope.mspId, group_id: group.id, client_id })))
          .execute();
      await tx.query
        .updateTable('client_group')
        .set({ version: group.version + 1 })
        .where('id', '=', group.id)
        .execute();
      await this.#deps.audit.record(tx, {
        action: 'tenancy.set-group-members',
        subject: { kind: 'client-group', id: group.id, clientId: null },
        summary: `Changed the members of the group ${group.name}`,
        before: { clientIds: before.map((member) => member.client_id) },
        after: { clientIds: wanted },
      });
      return { version: group.version + 1 };
    });
  }
}

async function assertClients(tx: ScopedTransaction<TenancyTables>, ids: ClientId[]): Promise<void> {
  if (ids.length === 0) return;
  const found = await tx.query.selectFrom('client').select('id').where('id', 'in', ids).execute();
  if (found.length !== ids.length)
    throw new NotFoundError('tenancy.client-not-found', 'There is no such client.', {
      fields: [{ path: ['clientIds'], message: 'names a client that is not there' }],
    });
}
