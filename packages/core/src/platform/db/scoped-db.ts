import { createHash } from 'node:crypto';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Compilable,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type KyselyPlugin,
} from 'kysely';
import type pg from 'pg';
import type { Actor, TenantScope } from '#kernel/tenant-scope';
import { inOneWrite } from './one-write.ts';
import { beginWithScope } from './scope-settings.ts';
import { ScopePredicates, type ScopeValues, type TableShapes } from './scope-predicates.ts';
import { ParameterSlot, type ScopedQuery } from './scoped-query.ts';
import { ScopedTransaction, type AnyTransaction } from './scoped-transaction.ts';
import { toParameter } from './types.ts';

/** Beyond this many different statements a connection stops naming new ones: memory on the server is worth more than the last microseconds. */
const MAX_PREPARED_STATEMENTS = 500;

export interface ScopedDbOptions {
  readonly pool: pg.Pool;
  readonly shapes: TableShapes;
  /** False behind poolers that cannot keep named statements (PgBouncer before 1.21). */
  readonly prepared?: boolean;
}

/**
 * The only way to tenant rows. Each read and each transaction takes a scope, puts it into the transaction's settings, where the row-level
 * policies read it, and adds the scope's predicates for the planner.
 */
export class ScopedDb<Tables = unknown> {
  readonly #options: ScopedDbOptions;
  readonly #names = new Map<string, string>();
  readonly #seenOnce = new Set<string>();
  readonly #compiled = new WeakMap<object, Map<string, CompiledQuery>>();
  readonly #bound = new WeakMap<TenantScope, ScopedTransaction>();

  constructor(options: ScopedDbOptions) {
    this.#options = options;
  }

  /** The same database, seen through the tables that a module declares. */
  typed<Declared>(): ScopedDb<Declared> {
    return this as unknown as ScopedDb<Declared>;
  }

  /** Reads in one round trip: BEGIN, settings, query and COMMIT leave together. */
  async read<Row>(scope: TenantScope, build: (query: Kysely<Tables>) => Compilable<Row>): Promise<Row[]> {
    const compiler = compilerFor<Tables>(new ScopePredicates(this.#options.shapes, valuesOf(scope)));
    const compiled = build(compiler).compile();
    return this.#flight<Row>(scope, compiled.sql, compiled.parameters);
  }

  /**
   * Runs one statement that writes, in a transaction of its own and one round trip; within the scope's transaction where it is bound to one. Answers what it returns. It does not wait for the
   * disk: a power cut within the next moment takes it back, the end of this process does not. For leases and counts of tries.
   */
  async writeLightly<Row>(scope: TenantScope, build: (query: Kysely<Tables>) => Compilable<Row>): Promise<Row[]> {
    const compiler = compilerFor<Tables>(new ScopePredicates(this.#options.shapes, valuesOf(scope)));
    const compiled = build(compiler).compile();
    return this.#flight<Row>(scope, compiled.sql, compiled.parameters, '; set local synchronous_commit = off');
  }

  /** The first row of a read, or undefined. */
  async readFirst<Row>(
    scope: TenantScope,
    build: (query: Kysely<Tables>) => Compilable<Row>,
  ): Promise<Row | undefined> {
    return (await this.read(scope, build))[0];
  }

  /** Runs a prepared query (`scopedQuery`) in one round trip. */
  async run<Parameters extends object, Row>(
    scope: TenantScope,
    query: ScopedQuery<never, Parameters, Row> | ScopedQuery<Tables, Parameters, Row>,
    parameters: Parameters,
  ): Promise<Row[]> {
    const { mspId, clients } = valuesOf(scope);
    const compiled = this.#compileOnce(clients?.kind ?? 'wide', query as ScopedQuery<Tables, Parameters, Row>);
    const known: Record<string, unknown> = { ...parameters, 'scope.mspId': mspId, 'scope.clients': clients?.value };
    const values = compiled.parameters.map((value) => (value instanceof ParameterSlot ? known[value.name] : value));
    return this.#flight<Row>(scope, compiled.sql, values);
  }

  /**
   * Runs `work` in one transaction of the scope; it commits when `work` resolves and rolls back when it throws. Given `within`, it
   * joins that transaction instead, so that a use case can be part of a larger one.
   */
  async transaction<Result>(
    scope: TenantScope,
    work: (tx: ScopedTransaction<Tables>) => Promise<Result>,
    within?: AnyTransaction,
  ): Promise<Result> {
    const open = within ?? this.#bound.get(scope);
    if (open !== undefined) return work(open.typed<Tables>());
    const client = await this.#options.pool.connect();
    const bound = Object.freeze({ ...scope });
    const tx = new ScopedTransaction<Tables>(
      bound,
      client,
      (plugins) => kyselyOn<Tables>(client, plugins, this.#nameWhenRepeated),
      new ScopePredicates(this.#options.shapes, valuesOf(scope)),
      this.#nameWhenRepeated,
    );
    this.#bound.set(bound, tx.typed<unknown>());
    let isBroken = false;
    let result: Result;
    try {
      await client.query(beginWithScope(scope));
      result = await work(tx);
      await tx.finish();
      await client.query('commit');
    } catch (error) {
      this.#end(tx, 'rolled-back');
      await client.query('rollback').catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      client.release(isBroken);
    }
    this.#end(tx, 'committed');
    return result;
  }

  /**
   * Runs `work` with a scope that is bound to one transaction: whatever reads or writes under it, in any module, is part of that transaction. For adapters that must add a
   * row to a use case's transaction (an idempotency key, a handled event) without the use case knowing.
   */
  async inOneTransaction<Result>(
    scope: TenantScope,
    work: (scope: TenantScope, tx: ScopedTransaction<Tables>) => Promise<Result>,
  ): Promise<Result> {
    return this.transaction(scope, (tx) => work(tx.scope, tx));
  }

  /**
   * The same transaction in somebody else's name: what is written through it is theirs in the trail and in history. What may be seen and done stays as it is, so this is for the system that acts on
   * what somebody sent.
   */
  inNameOf(tx: AnyTransaction, actor: Actor): ScopedTransaction<Tables> {
    const scope = Object.freeze({ ...tx.scope, actor: Object.freeze({ ...actor }) });
    const same = tx.typed<Tables>().underScope(scope);
    this.#bound.set(scope, same.typed<unknown>());
    return same;
  }

  #end(tx: ScopedTransaction<Tables>, outcome: 'committed' | 'rolled-back'): void {
    for (const scope of tx.scopes()) this.#bound.delete(scope);
    tx.ended(outcome);
  }

  async #flight<Row>(scope: TenantScope, sql: string, parameters: readonly unknown[], settings = ''): Promise<Row[]> {
    const open = this.#bound.get(scope);
    if (open !== undefined) return open.sql<Row & object>(sql, parameters, this.#nameOf(sql));
    const client = await this.#options.pool.connect();
    let failed = true;
    try {
      const name = this.#nameOf(sql);
      const query = { text: sql, values: parameters.map(toParameter), ...(name === undefined ? {} : { name }) };
      const [begun, answered, ended] = inOneWrite(client, () => [
        client.query(beginWithScope(scope) + settings),
        client.query<pg.QueryResultRow>(query),
        client.query('commit'),
      ]);
      // All three are awaited before the connection is given back: a later user must not meet their answers.
      const [, answer, end] = await Promise.allSettled([begun, answered, ended]);
      failed = false;
      if (answer.status === 'rejected') throw answer.reason;
      if (end.status === 'rejected') throw end.reason;
      return answer.value.rows as unknown as Row[];
    } finally {
      client.release(failed);
    }
  }

  /**
   * The name of a statement within a transaction. Planning costs as much as most of them do, so those that come again are kept prepared; what is said once (a list of another length) is not,
   * for names are few.
   */
  readonly #nameWhenRepeated = (sql: string): string | undefined => {
    if (this.#names.has(sql) || this.#seenOnce.delete(sql)) return this.#nameOf(sql);
    if (this.#seenOnce.size < MAX_PREPARED_STATEMENTS) this.#seenOnce.add(sql);
    return undefined;
  };

  #nameOf(sql: string): string | undefined {
    if (this.#options.prepared === false) return undefined;
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= MAX_PREPARED_STATEMENTS) return known;
    const name = `q${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`;
    this.#names.set(sql, name);
    return name;
  }

  #compileOnce<Parameters extends object, Row>(
    reach: 'one' | 'some' | 'wide',
    query: ScopedQuery<Tables, Parameters, Row>,
  ): CompiledQuery {
    let byReach = this.#compiled.get(query);
    if (byReach === undefined) this.#compiled.set(query, (byReach = new Map()));
    let compiled = byReach.get(reach);
    if (compiled === undefined) {
      const values: ScopeValues = {
        mspId: new ParameterSlot('scope.mspId'),
        clients: reach === 'wide' ? null : { kind: reach, value: new ParameterSlot('scope.clients') },
      };
      const compiler = compilerFor<Tables>(new ScopePredicates(this.#options.shapes, values));
      compiled = query.build(compiler, (name) => new ParameterSlot(name) as never).compile();
      byReach.set(reach, compiled);
    }
    return compiled;
  }
}

function valuesOf(scope: TenantScope): ScopeValues {
  if (scope.reach.kind !== 'only') return { mspId: scope.mspId, clients: null };
  const [only, another] = scope.reach.clientIds;
  const isOne = only !== undefined && another === undefined;
  return {
    mspId: scope.mspId,
    clients: isOne ? { kind: 'one', value: only } : { kind: 'some', value: scope.reach.clientIds },
  };
}

function dialectWith(driver: Driver): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** A builder that can only compile. */
function compilerFor<Tables>(plugin: KyselyPlugin): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectWith(new DummyDriver()), plugins: [plugin] });
}

/** A builder that runs on one connection, whose transaction somebody else begins and ends. */
function kyselyOn<Tables>(
  client: pg.PoolClient,
  plugins: KyselyPlugin[],
  nameOf: (sql: string) => string | undefined,
): Kysely<Tables> {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery) {
      const name = nameOf(query.sql);
      const values = query.parameters.map(toParameter);
      const sent = { text: query.sql, values, ...(name === undefined ? {} : { name }) };
      const result = await inOneWrite(client, () => client.query(sent));
      return {
        rows: result.rows as Row[],
        ...(result.rowCount === null ? {} : { numAffectedRows: BigInt(result.rowCount) }),
      };
    },
    streamQuery() {
      throw new Error('A scoped transaction does not stream; page by keyset instead.');
    },
  };
  const driver = new DummyDriver();
  driver.acquireConnection = async () => connection;
  return new Kysely<Tables>({ dialect: dialectWith(driver), plugins });
}
