import pg from 'pg';
import { progress } from './figures.ts';

export type Statement = readonly [sql: string, values: readonly unknown[]];

/** Fills tables from several connections at once, past policies, triggers and references, without waiting for the disk. */
export class Filler implements AsyncDisposable {
  readonly #connections: readonly pg.Client[];

  private constructor(connections: readonly pg.Client[]) {
    this.#connections = connections;
  }

  static async open(superuserUrl: string, lanes: number): Promise<Filler> {
    const connections = Array.from({ length: lanes }, () => new pg.Client({ connectionString: superuserUrl }));
    for (const connection of connections) {
      await connection.connect();
      await connection.query(
        `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '512MB'`,
      );
    }
    return new Filler(connections);
  }

  /** Runs statements, each on the next free connection: those of one call in no certain order. */
  async run(what: string, statements: readonly Statement[]): Promise<void> {
    const start = performance.now();
    const rest = [...statements];
    await Promise.all(
      this.#connections.map(async (connection) => {
        for (let next = rest.shift(); next !== undefined; next = rest.shift())
          await connection.query(next[0], [...next[1]]);
      }),
    );
    if (performance.now() - start > 500) progress(`  ${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }

  /** Runs statements one after the other. */
  async inOrder(what: string, statements: readonly Statement[]): Promise<void> {
    for (const statement of statements) await this.run(what, [statement]);
  }

  /** Whether what is written is forced to the disk as in a real start. While filling it is not: whoever loses power fills again. */
  async waitForDisk(isWaiting: boolean): Promise<void> {
    const [connection] = this.#connections;
    await connection?.query(`alter system ${isWaiting ? 'reset fsync' : 'set fsync = off'}`);
    await connection?.query('select pg_reload_conf()');
    if (isWaiting) await connection?.query('checkpoint');
  }

  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.#connections[0]?.query<Row>(sql, [...values]))?.rows ?? [];
  }

  /** Does `work` without the indexes of some tables that hold no rule, and makes them after it: far sooner done than row by row. */
  async withoutIndexes(tables: readonly string[], work: () => Promise<void>): Promise<void> {
    const indexes = await this.rows<{ name: string; definition: string }>(
      `select i.indexname as name, i.indexdef as definition from pg_indexes i
       where i.tablename = any($1::text[]) and not exists (select from pg_constraint c where c.conname = i.indexname)
       order by i.indexdef like '%USING gin%' desc`,
      [tables],
    );
    await this.run('dropping indexes', [[`drop index ${indexes.map(({ name }) => name).join(', ')}`, []]]);
    await work();
    await this.run(
      'making indexes',
      indexes.map(({ definition }) => [definition, []]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.end()));
  }
}
