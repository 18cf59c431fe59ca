import type { Kysely, KyselyPlugin } from 'kysely';
import type pg from 'pg';
import type { TenantScope } from '#kernel/tenant-scope';
import { inOneWrite } from './one-write.ts';
import { toParameter } from './types.ts';

/** A scoped transaction of whatever tables: what one module hands to another so that it can join. */
export interface AnyTransaction {
  readonly scope: TenantScope;
  typed<Declared>(): ScopedTransaction<Declared>;
  sql<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  beforeCommit(work: () => Promise<void>): void;
  onCommit(effect: () => void): void;
}

/**
 * A transaction that is open for one scope. Use cases pass it on to join it; stores write through `query`. What is
 * handed to `onCommit` runs only if it commits.
 */
export class ScopedTransaction<Tables = unknown> implements AnyTransaction {
  /**
   * The caller's scope, bound to this transaction: what reads or writes under it joins. Hand on this one and not the caller's, whose reads take a second connection: when
   * all connections are in transactions that each wait for one more, nobody goes on.
   */
  readonly scope: TenantScope;
  /** Kysely bound to this transaction, with the scope's predicates. */
  readonly query: Kysely<Tables>;
  readonly #client: pg.PoolClient;
  readonly #kyselyWith: (plugins: KyselyPlugin[]) => Kysely<Tables>;
  readonly #predicates: KyselyPlugin;
  readonly #nameOf: (sql: string) => string | undefined;
  readonly #inOtherNames: ScopedTransaction<Tables>[] = [];
  readonly #beforeCommit: (() => Promise<void>)[] = [];
  readonly #afterCommit: (() => void)[] = [];
  #isOver = false;

  constructor(
    scope: TenantScope,
    client: pg.PoolClient,
    kyselyWith: (plugins: KyselyPlugin[]) => Kysely<Tables>,
    predicates: KyselyPlugin,
    nameOf: (sql: string) => string | undefined,
  ) {
    this.scope = scope;
    this.#client = client;
    this.#kyselyWith = kyselyWith;
    this.#predicates = predicates;
    this.#nameOf = nameOf;
    this.query = kyselyWith([new OpenOnly(() => this.#isOver), predicates]);
  }

  /** The same transaction, seen through the tables that a module declares. */
  typed<Declared>(): ScopedTransaction<Declared> {
    return this as unknown as ScopedTransaction<Declared>;
  }

  /** Plain SQL with parameters, for what the builder cannot say (`insert … select from unnest`). Policies hold as for everything else. What comes again is prepared and kept; with a name, at once. */
  async sql<Row extends object = Record<string, unknown>>(
    text: string,
    values: readonly unknown[] = [],
    name = this.#nameOf(text),
  ): Promise<Row[]> {
    if (this.#isOver) throw new Error('This transaction is over.');
    const query = { text, values: values.map(toParameter), ...(name === undefined ? {} : { name }) };
    const result = await inOneWrite(this.#client, () => this.#client.query<Row>(query));
    return result.rows;
  }

  /**
   * Does `work` as the last thing of the transaction, together with all other such work: for writes that nothing in the transaction reads. They leave in one packet, and what they lock is locked for
   * the shortest time. What it throws rolls everything back.
   */
  beforeCommit(work: () => Promise<void>): void {
    if (this.#isOver) throw new Error('This transaction is over.');
    this.#beforeCommit.push(work);
  }

  /** Runs `effect` after the commit; never after a roll-back. It must not throw. */
  onCommit(effect: () => void): void {
    this.#afterCommit.push(effect);
  }

  /** The same transaction under a scope that differs in its actor only. Called by `ScopedDb`. */
  underScope(scope: TenantScope): ScopedTransaction<Tables> {
    const same = new ScopedTransaction<Tables>(scope, this.#client, this.#kyselyWith, this.#predicates, this.#nameOf);
    this.#inOtherNames.push(same);
    return same;
  }

  /** The scopes that are bound to this transaction: its own, and those in other names. */
  scopes(): TenantScope[] {
    return [this.scope, ...this.#inOtherNames.flatMap((other) => other.scopes())];
  }

  /** Does what was left for the end, in its order. Called by `ScopedDb`. */
  async finish(): Promise<void> {
    for (;;) {
      const works = this.#leftWork();
      if (works.length === 0) return;
      await Promise.all(works.map((work) => work()));
    }
  }

  #leftWork(): (() => Promise<void>)[] {
    return [...this.#beforeCommit.splice(0), ...this.#inOtherNames.flatMap((other) => other.#leftWork())];
  }

  /** Called by `ScopedDb` when the transaction has ended, either way; effects run only after a commit. */
  ended(outcome: 'committed' | 'rolled-back'): void {
    this.#isOver = true;
    for (const other of this.#inOtherNames) other.ended(outcome);
    if (outcome === 'committed') for (const effect of this.#afterCommit) effect();
  }
}

/** Refuses queries through a transaction that has ended: on a pooled connection they would run in somebody else's. */
class OpenOnly implements KyselyPlugin {
  readonly #isOver: () => boolean;

  constructor(isOver: () => boolean) {
    this.#isOver = isOver;
  }

  transformQuery(args: Parameters<KyselyPlugin['transformQuery']>[0]): ReturnType<KyselyPlugin['transformQuery']> {
    if (this.#isOver()) throw new Error('This transaction is over.');
    return args.node;
  }

  async transformResult(
    args: Parameters<KyselyPlugin['transformResult']>[0],
  ): ReturnType<KyselyPlugin['transformResult']> {
    return args.result;
  }
}
