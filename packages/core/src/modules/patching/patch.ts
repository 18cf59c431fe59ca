import { idSchema, type ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';

/** What somebody wants of an update. `defer` is "not yet": it blocks like a rejection until it expires or something more specific approves. */
export const PATCH_DECISIONS = ['approve', 'reject', 'defer'] as const;
export type PatchDecision = (typeof PATCH_DECISIONS)[number];

export const updateIdSchema = idSchema('patch-update');

/** `queued` and `running` are open; the rest are ends, as the order that carries the installation ended. */
export const INSTALL_STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timed-out',
  'refused',
  'interrupted',
  'expired',
  'cancelled',
] as const;
export type InstallState = (typeof INSTALL_STATES)[number];

/** One decision on an update, as far as it matters for what holds. */
export interface DecisionRow {
  readonly level: DecisionLevel;
  readonly clientId: ClientId | null;
  readonly assetId: AssetId | null;
  readonly decision: PatchDecision;
  readonly reason: string;
  readonly actorLabel: string;
  readonly decidedAt: Temporal.Instant;
  readonly expiresAt: Temporal.Instant | null;
}
export type DecisionLevel = 'asset' | 'client' | 'msp';

/** What holds for an update on a machine, and by whose word; `level` is `automatic` where nobody decided. */
export interface EffectiveDecision {
  readonly decision: PatchDecision | 'undecided';
  readonly level: DecisionLevel | 'automatic';
  readonly by: DecisionRow | null;
}

const ORDER: readonly DecisionLevel[] = ['asset', 'client', 'msp'];

/**
 * What holds for one machine among all decisions on one update. A rejection that applies wins, wherever it was made: who finds an update harmful must not be
 * overruled by an approval from before. Otherwise the most specific decides: machine, client, whole MSP. Expired decisions do not count; without any the
 * update is undecided, and nothing is installed by itself.
 */
export function effectiveDecision(
  decisions: readonly DecisionRow[],
  machine: { clientId: ClientId; assetId: AssetId },
  now: Temporal.Instant,
): EffectiveDecision {
  const applying = decisions.filter(
    (row) =>
      (row.level === 'msp' || row.clientId === machine.clientId) &&
      (row.level !== 'asset' || row.assetId === machine.assetId) &&
      (row.expiresAt === null || Temporal.Instant.compare(row.expiresAt, now) > 0),
  );
  const bySpecificity = applying.toSorted((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  const by = bySpecificity.find((row) => row.decision === 'reject') ?? bySpecificity[0] ?? null;
  return by === null
    ? { decision: 'undecided', level: 'automatic', by }
    : { decision: by.decision, level: by.level, by };
}
