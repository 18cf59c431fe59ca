import type pg from 'pg';
import type { MspId } from '#kernel/id';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { LookupScope } from './credential-resolver.ts';
import type { Logins, OpenSession, SignInRequest } from './logins.ts';

interface Deps {
  readonly pool: pg.Pool;
  readonly db: ScopedDb;
  readonly audit: AuditTrail;
  readonly directory: Directory;
  readonly logins: Logins;
}

/** Writes down what sign-in does: memberships on sessions, and the trail at the MSP that it concerns. */
export class NoteSignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Puts a membership on a session that was just opened and holds none. */
  async takeMembership(
    token: string,
    membership: { mspId: MspId | null; membershipId: string; kind: 'staff' | 'contact' },
  ): Promise<void> {
    await this.#deps.pool.query(
      `update auth.session set "mspId" = $2, "membershipId" = $3, "membershipKind" = $4 where token = $1 and "membershipId" is null`,
      [token, membership.mspId, membership.membershipId, membership.kind],
    );
  }

  async closeSession(token: string): Promise<void> {
    await this.#deps.pool.query('delete from auth.session where token = $1', [token]);
  }

  async signedIn(session: OpenSession, request: SignInRequest, lookup: LookupScope): Promise<void> {
    if (session.mspId === null) return;
    await this.#record(session, session.mspId as MspId, request, lookup, {
      action: 'identity.sign-in',
      summary: `${session.name} signed in (${session.factor})`,
    });
  }

  async factorAdded(session: OpenSession, what: string, request: SignInRequest, lookup: LookupScope): Promise<void> {
    for (const { mspId } of await this.#deps.directory.membershipsOf(session.loginId))
      await this.#record(session, mspId, request, lookup, {
        action: 'identity.enrol-factor',
        summary: `${session.name} enrolled ${what}`,
      });
  }

  /** Tells every MSP that a login works for that somebody used up its tries. */
  async lockedOut(email: string, request: SignInRequest, lookup: LookupScope): Promise<void> {
    const login = await this.#deps.logins.findByEmail(email);
    if (login === null) return;
    for (const { mspId } of await this.#deps.directory.membershipsOf(login.loginId))
      await this.#record(login, mspId, request, lookup, {
        action: 'identity.lock-out',
        summary: `Too many wrong passwords for ${email}; locked for 15 minutes`,
      });
  }

  async #record(
    login: Pick<OpenSession, 'loginId' | 'name'>,
    mspId: MspId,
    request: SignInRequest,
    lookup: LookupScope,
    entry: { action: string; summary: string },
  ): Promise<void> {
    const scope = lookup(mspId, { kind: 'login', id: login.loginId, label: login.name });
    await this.#deps.db.transaction(scope, (tx) =>
      this.#deps.audit.record(tx, { ...entry, subject: { kind: 'login', id: login.loginId, clientId: null } }),
    );
  }
}
