import type { Compilable, Kysely } from 'kysely';

/** Stands for a value that is known only when a prepared query runs. */
export class ParameterSlot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A query written once and compiled once for each kind of reach. */
export interface ScopedQuery<Tables, Parameters, Row> {
  readonly build: (
    query: Kysely<Tables>,
    parameter: <Name extends keyof Parameters & string>(name: Name) => Parameters[Name],
  ) => Compilable<Row>;
}

/**
 * Defines a query for a hot path. It is compiled once; running it only puts in the values, so that it costs about what a hand-written prepared
 * statement costs. Parameters must be used as plain values (`where('id', '=', p('id'))`).
 *
 * @example
 * const ticketById = scopedQuery<TicketTables, { id: TicketId }>()((q, p) => q.selectFrom('ticket').selectAll().where('id', '=', p('id')));
 */
export function scopedQuery<Tables, Parameters>() {
  return <Row>(build: ScopedQuery<Tables, Parameters, Row>['build']): ScopedQuery<Tables, Parameters, Row> => ({
    build,
  });
}
