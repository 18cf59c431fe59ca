import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError } from '#kernel/errors';
import { clientIdSchema, idSchema, newId } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AgentStore } from './agent-store.ts';
import type { EndpointTables, EnrolmentTokenId } from './endpoint-table.ts';

export const createEnrolmentTokenInput = z.object({
  clientId: clientIdSchema,
  siteId: idSchema('site').optional(),
  label: text({ max: 100 }).default('Enrolment'),
  maxUses: z.int().min(1).max(10_000).default(1),
  expiresInHours: z
    .int()
    .min(1, { error: 'must be at least 1 hour' })
    .max(30 * 24, { error: 'must be at most 720 hours (30 days)' })
    .default(24),
});
export type CreateEnrolmentTokenInput = z.output<typeof createEnrolmentTokenInput>;

/** A token as its maker sees it, once. */
export interface CreatedEnrolmentToken {
  readonly tokenId: EnrolmentTokenId;
  readonly token: string;
  readonly expiresAt: Temporal.Instant;
}

interface Deps {
  readonly db: ScopedDb;
  readonly agents: AgentStore;
  readonly clients: ClientQueries;
  readonly directory: Directory;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Makes a counted, expiring secret with which machines become assets of one client. */
export class CreateEnrolmentToken {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /** Throws `tenancy.client-not-found`, `endpoints.client-not-active`. */
  async run(scope: TenantScope, input: CreateEnrolmentTokenInput): Promise<CreatedEnrolmentToken> {
    const { agents, clients, directory, audit, clock } = this.#deps;
    const client = await clients.get(scope, input.clientId);
    if (client.state !== 'active')
      throw new ConflictError(
        'endpoints.client-not-active',
        `${client.name} is ${client.state}; machines enrol with active clients only.`,
      );
    const token = `bwe_${randomBytes(32).toString('base64url')}`;
    const tokenId = newId<'endpoint-token'>();
    const now = clock.now();
    const expiresAt = now.add({ hours: input.expiresInHours });
    await this.#db.transaction(scope, async (tx) => {
      const { clientId, label } = input;
      await agents.insertToken(tx, {
        msp_id: scope.mspId,
        id: tokenId,
        client_id: clientId,
        site_id: input.siteId ?? null,
        label,
        max_uses: input.maxUses,
        expires_at: expiresAt,
        revoked_at: null,
        created_by: scope.actor.label,
        created_at: now,
      });
      // The route outlives the token, so that a late try is told that it expired, and by whom the trail can say.
      await directory.addRoute(tx, { kind: 'enrolment-token', secret: token, clientId, subjectId: tokenId });
      await audit.record(tx, {
        action: 'endpoints.create-enrolment-token',
        subject: { kind: 'enrolment token', id: tokenId, clientId },
        summary: `Made an enrolment token for ${input.maxUses} ${input.maxUses === 1 ? 'machine' : 'machines'} of ${client.name}`,
        after: { label, maxUses: input.maxUses, expiresAt: expiresAt.toString() },
      });
    });
    return { tokenId, token, expiresAt };
  }
}
