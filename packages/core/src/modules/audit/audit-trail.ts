import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import { newId, type ClientId } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { digestOf } from './audit-digest.ts';

/** One thing that somebody did, as the use case tells it. */
export interface AuditRecord {
  /** The operation's name, `module.verb-noun`. */
  readonly action: string;
  /** What it was done to. `clientId` null is for what belongs to the whole MSP. */
  readonly subject: { readonly kind: string; readonly id: string; readonly clientId: ClientId | null };
  /** A sentence that a person can read without knowing the action: `Closed ticket T-12`. */
  readonly summary: string;
  readonly before?: object;
  readonly after?: object;
  /** True where the client's contacts may read it in the portal. */
  readonly isClientVisible?: boolean;
}

const SECRET_FIELD = /(password|secret|token|key|credential|authorization|cookie|otp|recovery)/i;
const HIDDEN = '[hidden]';

/** Writes entries in the transaction of the action they tell of: no action without its entry, no entry without its action. */
export class AuditTrail {
  readonly #clock: Clock;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  async record(tx: AnyTransaction, record: AuditRecord): Promise<void> {
    const { scope } = tx;
    const salt = randomBytes(16);
    const payload = {
      summary: record.summary,
      actor_label: scope.actor.label,
      before: record.before === undefined ? null : withoutSecrets(record.before),
      after: record.after === undefined ? null : withoutSecrets(record.after),
      ip: scope.origin?.ip ?? null,
      user_agent: scope.origin?.userAgent ?? null,
    };
    const entry = {
      ...payload,
      id: newId(),
      at: this.#clock.now().round('microsecond'),
      client_id: record.subject.clientId,
      actor_kind: scope.actor.kind,
      actor_id: scope.actor.id,
      action: record.action,
      subject_kind: record.subject.kind,
      subject_id: record.subject.id,
      request_id: scope.requestId,
      is_client_visible: record.isClientVisible ?? false,
      salt: salt.toString('hex'),
      digest: digestOf(salt, payload).toString('hex'),
    };
    // Last, for the chain is one for the MSP: whoever appends to it holds up all others until the commit.
    tx.beforeCommit(async () => void (await tx.sql('select audit_append($1::jsonb)', [JSON.stringify(entry)])));
  }
}

/** A copy with every field that is named like a secret hidden, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (value instanceof Uint8Array) return HIDDEN;
  // Instants, dates and decimals know how they are written.
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET_FIELD.test(name) ? HIDDEN : withoutSecrets(inner)]),
  );
}
