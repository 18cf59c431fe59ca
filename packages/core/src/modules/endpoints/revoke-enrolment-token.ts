import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AgentStore } from './agent-store.ts';
import { enrolmentTokenIdSchema, type EndpointTables } from './endpoint-table.ts';

export const revokeEnrolmentTokenInput = z.object({ tokenId: enrolmentTokenIdSchema });

/** Ends an enrolment token. Machines that enrolled with it stay. */
export class RevokeEnrolmentToken {
  readonly #db: ScopedDb<EndpointTables>;
  readonly #deps: { agents: AgentStore; audit: AuditTrail; clock: Clock };

  constructor(deps: { db: ScopedDb; agents: AgentStore; audit: AuditTrail; clock: Clock }) {
    this.#db = deps.db.typed<EndpointTables>();
    this.#deps = deps;
  }

  /** Throws `endpoints.token-not-found`. */
  async run(scope: TenantScope, input: z.output<typeof revokeEnrolmentTokenInput>): Promise<void> {
    const { agents, audit, clock } = this.#deps;
    await this.#db.transaction(scope, async (tx) => {
      const token = await agents.revokeToken(tx, input.tokenId, clock.now());
      await audit.record(tx, {
        action: 'endpoints.revoke-enrolment-token',
        subject: { kind: 'enrolment token', id: token.id, clientId: token.client_id },
        summary: `Revoked the enrolment token ${token.label}`,
      });
    });
  }
}
