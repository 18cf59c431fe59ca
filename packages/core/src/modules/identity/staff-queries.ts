import { sql } from 'kysely';
import { z } from 'zod';
import { NotFoundError } from '#kernel/errors';
import { decodeCursor, pageInput, toPage, type Page } from '#kernel/page';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { IdentityTables, LoginId } from './identity-table.ts';
import type { StaffRow } from './membership-facts.ts';
import { toStaffView, type StaffView } from './staff-view.ts';

export const listStaffInput = z.object(pageInput);

/** Reads who works for the MSP. */
export class StaffQueries {
  readonly #db: ScopedDb<IdentityTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<IdentityTables>();
  }

  /** Staff by name; those removed are left out. */
  async list(scope: TenantScope, input: z.output<typeof listStaffInput>): Promise<Page<StaffView>> {
    const after = input.cursor === undefined ? null : decodeCursor(input.cursor, 2);
    const rows = await this.#db.read(scope, (query) => {
      let list = query.selectFrom('identity_staff').selectAll().where('removed_at', 'is', null);
      if (after !== null) list = list.where(sql<boolean>`(lower(name), id) > (${after[0]}, ${after[1]}::uuid)`);
      return list
        .orderBy(sql`lower(name)`)
        .orderBy('id')
        .limit(input.limit + 1);
    });
    return toPage(rows, input.limit, toStaffView, (row) => [row.name.toLowerCase(), row.id]);
  }

  /** The membership of a login here. Throws `identity.staff-not-found`. */
  async ofLogin(scope: TenantScope, loginId: LoginId): Promise<StaffRow> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('identity_staff').selectAll().where('login_id', '=', loginId).where('removed_at', 'is', null),
    );
    if (row === undefined) throw new NotFoundError('identity.staff-not-found', 'There is no such member of staff.');
    return row;
  }

  /** By address, for the command line. */
  async byEmail(scope: TenantScope, email: string): Promise<StaffRow> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_staff')
        .selectAll()
        .where('email', '=', email.toLowerCase())
        .where('removed_at', 'is', null),
    );
    if (row === undefined)
      throw new NotFoundError('identity.staff-not-found', `Nobody works here under the address ${email}.`);
    return row;
  }

  /** Names of staff by their ids, for other modules' lists. */
  async namesOf(scope: TenantScope, loginIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (loginIds.length === 0) return new Map();
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('identity_staff')
        .select(['login_id', 'name'])
        .where('login_id', 'in', [...new Set(loginIds)] as LoginId[]),
    );
    return new Map(rows.map((row) => [row.login_id, row.name]));
  }
}
