import type pg from 'pg';
import { z } from 'zod';
import { ForbiddenError, NotFoundError } from '#kernel/errors';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { CredentialResolver } from './credential-resolver.ts';

// No tenant's thing: it belongs to a login, whatever MSPs that works for.
const sessionIdSchema = z.uuid({ error: 'must be the id of a session' });
export const revokeSessionInput = z.object({ sessionId: sessionIdSchema });
export const sessionView = z.object({
  id: sessionIdSchema,
  factor: z.enum(['none', 'password', 'totp', 'passkey', 'magic-link']),
  ip: z.string(),
  userAgent: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
type SessionView = z.input<typeof sessionView>;

interface Deps {
  readonly pool: pg.Pool;
  readonly db: ScopedDb;
  readonly resolver: CredentialResolver;
  readonly audit: AuditTrail;
}

interface SessionRow {
  readonly id: SessionView['id'];
  readonly factor: SessionView['factor'];
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly created: string;
  readonly expires: string;
}

/** One's own sessions, at whatever MSP: a login is one person's. */
export class Sessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Open sessions, newest first. */
  async listOwn(scope: TenantScope): Promise<SessionView[]> {
    const { rows } = await this.#deps.pool.query<SessionRow>(
      `select id, factor, "ipAddress", "userAgent",
         to_char("createdAt" at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created,
         to_char("expiresAt" at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires
       from auth.session where "userId" = $1 and "expiresAt" > now() order by "createdAt" desc limit 100`,
      [loginOf(scope)],
    );
    return rows.map((row) => ({
      id: row.id,
      factor: row.factor,
      ip: row.ipAddress ?? '',
      userAgent: row.userAgent ?? '',
      createdAt: row.created,
      expiresAt: row.expires,
    }));
  }

  /** Ends one of one's own sessions, at once here and within a second at other processes. Throws `identity.session-not-found`. */
  async revokeOwn(scope: TenantScope, sessionId: string): Promise<Record<string, never>> {
    const { rowCount } = await this.#deps.pool.query('delete from auth.session where id = $1 and "userId" = $2', [
      sessionId,
      loginOf(scope),
    ]);
    if (rowCount === 0) throw new NotFoundError('identity.session-not-found', 'You have no such session.');
    this.#deps.resolver.forget();
    await this.#deps.db.transaction(scope, (tx) =>
      this.#deps.audit.record(tx, {
        action: 'identity.revoke-session',
        subject: { kind: 'session', id: sessionId, clientId: null },
        summary: 'Ended one of their own sessions',
      }),
    );
    return {};
  }
}

function loginOf(scope: TenantScope): string {
  if (scope.actor.kind !== 'login')
    throw new ForbiddenError('identity.interactive-only', 'Only a person who is signed in has sessions.');
  return scope.actor.id;
}
