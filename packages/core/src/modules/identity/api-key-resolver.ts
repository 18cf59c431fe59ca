import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ApiKeyId, IdentityTables } from './identity-table.ts';
import type { MembershipFacts, ScopeFacts } from './membership-facts.ts';
import { intersectReach, reachOf } from './reach.ts';

/** A key's last use is noted at most this often: it is there to find dead keys, not to count calls. */
const NOTE_USE_MINUTES = 10;

/** Says what an API key may do now: never more than its owner may now. */
export class ApiKeyResolver {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #facts: MembershipFacts;
  readonly #clock: Clock;

  constructor(deps: { db: ScopedDb; facts: MembershipFacts; clock: Clock }) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#facts = deps.facts;
    this.#clock = deps.clock;
  }

  /** Null for a key that is revoked or expired, or whose owner is. */
  async facts(scope: TenantScope, keyId: ApiKeyId): Promise<ScopeFacts | null> {
    const key = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('identity_api_key').selectAll().where('id', '=', keyId).where('revoked_at', 'is', null),
    );
    const now = this.#clock.now();
    if (key === undefined || Temporal.Instant.compare(key.expires_at, now) <= 0) return null;
    const owner = await this.#facts.activeStaff(scope, key.staff_id);
    if (owner === null) return null;
    const held = await this.#facts.permissionsOf(scope, owner);
    await this.#noteUse(scope, keyId, key.last_used_at, now);
    return {
      mspId: scope.mspId,
      reach: await this.#facts.withMerged(scope, intersectReach(reachOf(owner), reachOf(key))),
      audience: 'staff',
      actor: { kind: 'api-key', id: key.id, label: `${key.name} (${owner.name})` },
      permissions: new Set(key.permissions.filter((permission) => held.has(permission))),
    };
  }

  async #noteUse(
    scope: TenantScope,
    keyId: ApiKeyId,
    last: Temporal.Instant | null,
    now: Temporal.Instant,
  ): Promise<void> {
    const isRecent = last !== null && Temporal.Instant.compare(last.add({ minutes: NOTE_USE_MINUTES }), now) > 0;
    if (isRecent) return;
    await this.#db.transaction(scope, async (tx) => {
      await tx.query.updateTable('identity_api_key').set({ last_used_at: now }).where('id', '=', keyId).execute();
    });
  }
}
