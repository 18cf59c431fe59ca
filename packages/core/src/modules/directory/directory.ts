import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { ClientId, MspId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { DirectoryTables, RouteKind } from './directory-table.ts';

/** Where a secret leads: one MSP, the client where there is one, and the row of the module that owns the secret. */
export interface Route {
  readonly mspId: MspId;
  readonly clientId: ClientId | null;
  readonly subjectId: string;
}

/** An MSP of this install, as sweeps and the portal's host look-up see it. */
export interface DirectoryMsp {
  readonly mspId: MspId;
  readonly slug: string;
  readonly host: string | null;
  readonly state: 'active' | 'suspended';
}

/** One membership of a login: staff of an MSP, or a contact of a client. */
export interface DirectoryMembership {
  readonly mspId: MspId;
  readonly membershipId: string;
  readonly kind: 'staff' | 'contact';
}

/**
 * The only look-ups that happen before a scope exists. Secrets are stored and compared as SHA-256: they are random and long, so that a slow hash
 * would add nothing.
 */
export class Directory {
  readonly #pool: pg.Pool;

  constructor(deps: { pool: pg.Pool }) {
    this.#pool = deps.pool;
  }

  /** The route of an unexpired secret, or null. */
  async findRoute(kind: RouteKind, secret: string): Promise<Route | null> {
    const { rows } = await this.#pool.query<{ msp_id: MspId; client_id: ClientId | null; subject_id: string }>(
      'select * from directory_find_route($1, $2)',
      [kind, hashOf(secret)],
    );
    const row = rows[0];
    return row === undefined ? null : { mspId: row.msp_id, clientId: row.client_id, subjectId: row.subject_id };
  }

  /** All MSPs, by slug. */
  async listMsps(): Promise<DirectoryMsp[]> {
    const { rows } = await this.#pool.query<{
      msp_id: MspId;
      slug: string;
      host: string | null;
      state: 'active' | 'suspended';
    }>('select * from directory_list_msps()');
    return rows.map((row) => ({ mspId: row.msp_id, slug: row.slug, host: row.host, state: row.state }));
  }

  /** The memberships of a login in MSPs that are not suspended. */
  async membershipsOf(loginId: string): Promise<DirectoryMembership[]> {
    const { rows } = await this.#pool.query<{
      msp_id: MspId;
      membership_id: string;
      kind: DirectoryMembership['kind'];
    }>('select * from directory_memberships_of($1)', [loginId]);
    return rows.map((row) => ({ mspId: row.msp_id, membershipId: row.membership_id, kind: row.kind }));
  }

  /** Lists a membership in the transaction that makes it. Idempotent. */
  async addMembership(
    tx: AnyTransaction,
    membership: { loginId: string; membershipId: string; kind: DirectoryMembership['kind'] },
  ): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query
      .insertInto('directory_membership')
      .values({
        msp_id: scoped.scope.mspId,
        login_id: membership.loginId,
        membership_id: membership.membershipId,
        kind: membership.kind,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Takes a membership off the list. */
  async removeMembership(tx: AnyTransaction, membershipId: string): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query.deleteFrom('directory_membership').where('membership_id', '=', membershipId).execute();
  }

  /** Adds a route in the transaction that makes its secret. Throws a unique violation for a secret that already leads somewhere. */
  async addRoute(
    tx: AnyTransaction,
    route: {
      kind: RouteKind;
      secret: string;
      clientId?: ClientId | null;
      subjectId: string;
      expiresAt?: Temporal.Instant | null;
    },
  ): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query
      .insertInto('directory_route')
      .values({
        kind: route.kind,
        hash: hashOf(route.secret),
        msp_id: scoped.scope.mspId,
        client_id: route.clientId ?? null,
        subject_id: route.subjectId,
        expires_at: route.expiresAt ?? null,
      })
      .execute();
  }

  /** Takes a one-use secret: true for exactly one of any number of parallel takers, whose transaction then commits. */
  async takeRoute(tx: AnyTransaction, kind: RouteKind, secret: string): Promise<boolean> {
    const scoped = tx.typed<DirectoryTables>();
    const { numDeletedRows } = await scoped.query
      .deleteFrom('directory_route')
      .where('kind', '=', kind)
      .where('hash', '=', hashOf(secret))
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }

  /** Removes every route of a subject: its secrets lead nowhere from the commit on. */
  async removeRoutes(tx: AnyTransaction, kind: RouteKind, subjectId: string): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query
      .deleteFrom('directory_route')
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .execute();
  }

  /** Lets every route of a subject end then, unless it ends before; those that have ended are removed. */
  async endRoutes(tx: AnyTransaction, kind: RouteKind, subjectId: string, at: Temporal.Instant): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query
      .deleteFrom('directory_route')
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .where('expires_at', '<=', (now) => now.fn<Temporal.Instant>('now'))
      .execute();
    await scoped.query
      .updateTable('directory_route')
      .set({ expires_at: at })
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', at)]))
      .execute();
  }

  /** Lists a new MSP. Throws a unique violation on a taken slug. */
  async addMsp(tx: AnyTransaction, msp: { slug: string; host?: string }): Promise<void> {
    const scoped = tx.typed<DirectoryTables>();
    await scoped.query
      .insertInto('directory_msp')
      .values({ msp_id: scoped.scope.mspId, slug: msp.slug, host: msp.host ?? null })
      .execute();
  }
}

/** How a secret is stored and looked up. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
