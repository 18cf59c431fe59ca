import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
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
      (plugins) => kyselyOn<Tables>(client, plugins),
      new ScopePredicates(this.#options.shapes, valuesOf(scope)),
    );
    this.#bound.set(bound, tx.typed<unknown>());
    let isBroken = false;
    let result: Result;
    try {
      await client.query(beginWithScope(scope));
      result = await work(tx);
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

  async #flight<Row>(scope: TenantScope, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const open = this.#bound.get(scope);
    if (open !== undefined) return open.sql<Row & object>(sql, parameters, this.#nameOf(sql));
    const client = await this.#options.pool.connect();
    let failed = true;
    try {
      const name = this.#nameOf(sql);
      const query = { text: sql, values: parameters.map(toParameter), ...(name === undefined ? {} : { name }) };
      const [begun, answered, ended] = inOneWrite(client, () => [
        client.query(beginWithScope(scope)),
        client.query<pg.QueryResultRow>(query),
        client.query('commit'),
      ]);
      // All three are awaited before the connection is given back: a later user must not meet their answers.
      const [, answer] = await Promise.allSettled([begun, answered, ended]);
      failed = false;
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value.rows as unknown as Row[];
    } finally {
      client.release(failed);
    }
  }

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
function kyselyOn<Tables>(client: pg.PoolClient, plugins: KyselyPlugin[]): Kysely<Tables> {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery) {
      const result = await client.query(query.sql, query.parameters.map(toParameter));
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

/** Gathers what `send` writes into one packet: a system call for each of its messages costs half of what a small read costs. */
function inOneWrite<Sent>(client: pg.PoolClient, send: () => Sent): Sent {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
