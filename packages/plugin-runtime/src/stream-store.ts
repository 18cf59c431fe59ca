import type { EntityType, Json, OwnEntityType } from '@bailiwick/sdk';

/** A record after the host has checked and normalised it. */
export interface NormalRecord {
  /** The vendor's id of the scope. */
  readonly scope: string;
  readonly id: string;
  readonly data: Readonly<Record<string, Json>>;
  readonly observed: Readonly<Record<string, Json>>;
  /** SHA-256 in base64url over the canonical JSON of `data`: equal hash, no write. */
  readonly hash: string;
}

/** One batch, ready to be written. */
export interface NormalBatch {
  readonly entity: EntityType | OwnEntityType;
  readonly upserts: readonly NormalRecord[];
  readonly deletes: readonly { readonly scope: string; readonly id: string }[];
  /** Records that were refused for their data, yet are there at the vendor: the store notes that this pass has seen them, so that a sweep keeps what it has. */
  readonly seen: readonly { readonly scope: string; readonly id: string }[];
  readonly cursor: Json | undefined;
  /** The cursor is set only where the batch named one. */
  readonly hasCursor: boolean;
}

/** What a batch did. */
export interface BatchCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly deleted: number;
}

/** Where a stream's records and its cursor are: PostgreSQL in the platform, memory in the acceptance kit. One stream, one connection, one scope or all. */
export interface StreamStore {
  /** The cursor to go on from, and the generation of this pass. A pass that was stopped goes on with its generation. */
  begin(): Promise<{ readonly cursor: Json | undefined; readonly generation: number; readonly liveCount: number }>;
  /** Writes the batch and its cursor in one transaction. Records of an equal hash are noted as seen by this pass, not written. */
  write(batch: NormalBatch, generation: number): Promise<BatchCounts>;
  /** How many live records this pass has not seen. */
  countUnseen(generation: number): Promise<number>;
  /** Tombstones what this pass has not seen; answers how many. */
  sweep(generation: number): Promise<number>;
  /** The pass ended cleanly: the next one begins anew (full), or goes on from the cursor (others). */
  finish(generation: number): Promise<void>;
}

/** How a pass ended. */
export interface PassResult extends BatchCounts {
  readonly batches: number;
  /** Records that were refused, each with the field that is wrong; at most 50 are kept. */
  readonly refused: readonly { readonly id: string; readonly scope: string; readonly reason: string }[];
  readonly refusedCount: number;
  /** Set where the guard stopped the sweep: what would have been deleted, out of how many. */
  readonly heldBack: { readonly unseen: number; readonly live: number } | null;
}
