import { createHash } from 'node:crypto';
import { newId, type ClientId } from '#kernel/id';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { Candidate, EvidenceItem } from './asset-identity.ts';
import type { AssetId, AssetTables, UnmatchedId } from './asset-table.ts';

type Tx = ScopedTransaction<AssetTables>;

/** More than that many assets with one MAC address is a mistake of the source, not evidence. */
const MAX_CANDIDATES = 50;

/** The only writer of `asset_evidence` and `asset_unmatched`. */
export class IdentityStore {
  /**
   * The client's assets that share any of the evidence, with all that is known of each. Takes a lock by client first: two reports of a new machine at once must not
   * make two assets.
   */
  async candidates(tx: Tx, clientId: ClientId, evidence: readonly EvidenceItem[]): Promise<Candidate<AssetId>[]> {
    await tx.sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`asset-identity:${clientId}`]);
    const rows = await tx.sql<{ asset_id: AssetId; kind: EvidenceItem['kind']; value: string }>(
      `select e.asset_id, e.kind, e.value from asset_evidence e
       where e.msp_id = $1 and e.client_id = $2 and e.asset_id in (
         select m.asset_id from asset_evidence m join unnest($3::text[], $4::text[]) as given (kind, value) on m.kind = given.kind and m.value = given.value
         where m.msp_id = $1 and m.client_id = $2 limit ${MAX_CANDIDATES * 10})`,
      [tx.scope.mspId, clientId, evidence.map((item) => item.kind), evidence.map((item) => item.value)],
    );
    return [...Map.groupBy(rows, (row) => row.asset_id)]
      .slice(0, MAX_CANDIDATES)
      .map(([assetId, items]) => ({ assetId, evidence: items }));
  }

  /** Keeps evidence of an asset; what is known already is only dated, once a day. */
  async add(
    tx: Tx,
    asset: { clientId: ClientId; assetId: AssetId },
    evidence: readonly EvidenceItem[],
    source: string,
    at: Temporal.Instant,
  ): Promise<void> {
    if (evidence.length === 0) return;
    await tx.sql(
      `insert into asset_evidence (msp_id, client_id, asset_id, kind, value, source, first_seen_at, last_seen_at)
       select $1, $2, $3, given.kind, given.value, $6, $7, $7 from unnest($4::text[], $5::text[]) as given (kind, value)
       where not exists (select 1 from asset_evidence known where known.msp_id = $1 and known.asset_id = $3 and known.kind = given.kind and known.value = given.value and known.last_seen_at > $7::timestamptz - interval '1 day')
       on conflict (msp_id, asset_id, kind, value) do update set last_seen_at = greatest(asset_evidence.last_seen_at, excluded.last_seen_at)`,
      [
        tx.scope.mspId,
        asset.clientId,
        asset.assetId,
        evidence.map((item) => item.kind),
        evidence.map((item) => item.value),
        source,
        at,
      ],
    );
  }

  /** Forgets what a source gave as evidence of an asset. */
  async forget(tx: Tx, assetId: AssetId, source: string): Promise<void> {
    await tx.query.deleteFrom('asset_evidence').where('asset_id', '=', assetId).where('source', '=', source).execute();
  }

  /** Queues a machine that cannot be told apart, once for each source and evidence. */
  async queueUnmatched(
    tx: Tx,
    row: {
      clientId: ClientId;
      source: string;
      name: string;
      evidence: readonly EvidenceItem[];
      candidateIds: readonly AssetId[];
      reason: string;
      at: Temporal.Instant;
    },
  ): Promise<UnmatchedId> {
    const evidence = JSON.stringify(row.evidence);
    const rows = await tx.sql<{ id: UnmatchedId }>(
      `insert into asset_unmatched (msp_id, id, client_id, source, name, evidence, evidence_digest, candidate_ids, reason, first_seen_at, last_seen_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $8::uuid[], $9, $10, $10)
       on conflict (msp_id, client_id, source, evidence_digest) do update
         set last_seen_at = greatest(asset_unmatched.last_seen_at, excluded.last_seen_at), candidate_ids = excluded.candidate_ids, reason = excluded.reason, resolved_at = null
       returning id`,
      [
        tx.scope.mspId,
        newId(),
        row.clientId,
        row.source,
        row.name,
        evidence,
        createHash('sha256').update(evidence).digest('hex'),
        row.candidateIds,
        row.reason,
        row.at,
      ],
    );
    const [stored] = rows;
    if (stored === undefined) throw new TypeError('An upsert answers the row.');
    return stored.id;
  }

  async resolve(tx: Tx, id: UnmatchedId, assetId: AssetId, at: Temporal.Instant): Promise<void> {
    await tx.query
      .updateTable('asset_unmatched')
      .set({ asset_id: assetId, resolved_at: at })
      .where('id', '=', id)
      .execute();
  }
}
