import type { TenantScope } from '#kernel/tenant-scope';
import type { ScopedDb } from '#platform/db/scoped-db';
import { CHAIN_START, digestOf, sealOf } from './audit-digest.ts';
import type { AuditTables } from './audit-table.ts';

const PAGE = 2000;
/** Beyond this many faults a list helps nobody. */
const MAX_FAULTS = 50;

/** Something that is not as it was sealed. */
export interface ChainFault {
  readonly kind: 'changed' | 'removed' | 'inserted' | 'cut';
  /** The entry, or for a removed seal the place in the chain. */
  readonly entryId: string;
  readonly detail: string;
}

export interface ChainReport {
  readonly sealed: number;
  readonly waiting: number;
  /** The last link: whoever wrote it down elsewhere can tell later that the chain before it is the same. */
  readonly head: string;
  readonly faults: readonly ChainFault[];
}

/** Reads the whole chain of an MSP again and names what does not hold. */
export class VerifyChain {
  readonly #db: ScopedDb<AuditTables>;

  constructor(deps: { db: ScopedDb }) {
    this.#db = deps.db.typed<AuditTables>();
  }

  async run(scope: TenantScope): Promise<ChainReport> {
    const faults: ChainFault[] = [];
    let sequence = 0;
    let previous: Buffer = CHAIN_START;
    for (;;) {
      const links = await this.#links(scope, sequence);
      for (const link of links) {
        if (link.sequence !== sequence + 1) faults.push(missingLinks(sequence + 1, link.sequence - 1));
        faults.push(...faultsOf(link, previous, link.sequence === sequence + 1));
        // The stored link is followed, so that one fault is named once and not in every link after it.
        [sequence, previous] = [link.sequence, link.hash];
      }
      if (links.length < PAGE || faults.length >= MAX_FAULTS) break;
    }
    faults.push(...(await this.#headFaults(scope, sequence, previous)), ...(await this.#inserted(scope)));
    const [waiting] = await this.#db.read(scope, (query) =>
      query.selectFrom('audit_pending').select((eb) => eb.fn.countAll<number>().as('count')),
    );
    return {
      sealed: sequence,
      waiting: waiting?.count ?? 0,
      head: previous.toString('hex'),
      faults: faults.slice(0, MAX_FAULTS),
    };
  }

  #links(scope: TenantScope, after: number) {
    return this.#db.read(scope, (query) =>
      query
        .selectFrom('audit_seal')
        .leftJoin('audit_entry', 'audit_entry.id', 'audit_seal.entry_id')
        .selectAll('audit_entry')
        .select(['audit_seal.sequence', 'audit_seal.hash', 'audit_seal.entry_id'])
        .where('audit_seal.sequence', '>', after)
        .orderBy('audit_seal.sequence')
        .limit(PAGE),
    );
  }

  async #headFaults(scope: TenantScope, sequence: number, hash: Buffer): Promise<ChainFault[]> {
    const head = await this.#db.readFirst(scope, (query) => query.selectFrom('audit_chain').selectAll());
    if (head === undefined || (head.sequence === sequence && head.hash.equals(hash))) return [];
    const detail = `the chain ends at ${sequence}, its head says ${head.sequence}`;
    return [{ kind: 'cut', entryId: `link ${sequence}`, detail }];
  }

  /** Entries that are neither sealed nor in line were put in past the function that adds them. */
  async #inserted(scope: TenantScope): Promise<ChainFault[]> {
    const rows = await this.#db.read(scope, (query) =>
      query
        .selectFrom('audit_entry')
        .select(['id', 'action'])
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom('audit_seal')
                .select('audit_seal.sequence')
                .whereRef('audit_seal.entry_id', '=', 'audit_entry.id'),
            ),
          ),
        )
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom('audit_pending')
                .select('audit_pending.entry_id')
                .whereRef('audit_pending.entry_id', '=', 'audit_entry.id'),
            ),
          ),
        )
        .limit(MAX_FAULTS),
    );
    return rows.map((row) => ({ kind: 'inserted', entryId: row.id, detail: `${row.action} was never sealed` }));
  }
}

interface Link extends Partial<NullableEntry> {
  readonly sequence: number;
  readonly hash: Buffer;
  readonly entry_id: string;
}
type NullableEntry = {
  [Name in keyof Entry]: Entry[Name] | null;
};
type Entry = Omit<AuditTables['audit_entry'], 'before' | 'after'> & { before: unknown; after: unknown };

function faultsOf(link: Link, previous: Buffer, isNext: boolean): ChainFault[] {
  const entryId = link.entry_id;
  if (link.id === null || link.id === undefined)
    return [{ kind: 'removed', entryId, detail: `link ${link.sequence} seals an entry that is gone` }];
  const entry = link as unknown as Entry;
  const isPayloadTrue =
    entry.erased_at !== null || (entry.salt !== null && digestOf(entry.salt, entry).equals(entry.digest));
  if (!isPayloadTrue) return [{ kind: 'changed', entryId, detail: `${entry.action}: its text or values were changed` }];
  const isLinkTrue = sealOf(previous, link.sequence, entry, entry.digest).equals(link.hash);
  if (isNext && !isLinkTrue)
    return [{ kind: 'changed', entryId, detail: `${entry.action}: link ${link.sequence} does not fit it` }];
  return [];
}

function missingLinks(from: number, to: number): ChainFault {
  const places = from === to ? `link ${from}` : `links ${from} to ${to}`;
  return { kind: 'removed', entryId: places, detail: 'missing from the chain' };
}
