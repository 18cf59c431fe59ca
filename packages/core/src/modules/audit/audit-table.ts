import type { JSONColumnType } from 'kysely';
import type { ClientId, MspId } from '#kernel/id';

export interface AuditTables {
  audit_entry: {
    msp_id: MspId;
    id: string;
    client_id: ClientId | null;
    at: Temporal.Instant;
    actor_kind: string;
    actor_id: string;
    actor_label: string;
    action: string;
    subject_kind: string;
    subject_id: string;
    summary: string;
    before: JSONColumnType<object | null, string | null, never>;
    after: JSONColumnType<object | null, string | null, never>;
    ip: string | null;
    user_agent: string | null;
    request_id: string;
    is_client_visible: boolean;
    salt: Buffer | null;
    erased_at: Temporal.Instant | null;
    digest: Buffer;
  };
  audit_pending: { msp_id: MspId; entry_id: string };
  audit_seal: { msp_id: MspId; sequence: number; entry_id: string; hash: Buffer };
  audit_chain: { msp_id: MspId; sequence: number; hash: Buffer };
}
