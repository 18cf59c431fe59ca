import {
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  IdentifierNode,
  OnNode,
  OperationNodeTransformer,
  OperatorNode,
  ParensNode,
  RawNode,
  ReferenceNode,
  TableNode,
  ValueNode,
  WhereNode,
  AliasNode,
  type DeleteQueryNode,
  type FromNode,
  type JoinNode,
  type KyselyPlugin,
  type OperationNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type SelectQueryNode,
  type UnknownRow,
  type UpdateQueryNode,
  type UsingNode,
} from 'kysely';

/** What the planner needs to know of a tenant table. `clientColumn` is null where rows belong to the whole MSP. */
export interface TableShape {
  readonly clientColumn: string | null;
}

export type TableShapes = ReadonlyMap<string, TableShape>;

/** What the predicates compare with: values, or the slots of a prepared query. */
export interface ScopeValues {
  readonly mspId: unknown;
  /**
   * The clients of a reach `only`; null for any other reach, whose limits the policy alone holds. One client is compared by `=`: with `any` of one PostgreSQL sorts that
   * client's rows instead of reading them in the index's order.
   */
  readonly clients: { readonly kind: 'one' | 'some'; readonly value: unknown } | null;
}

/**
 * Adds `msp_id = $` (and `client_id = any($)` for a narrow reach) to every tenant table that a query names. The policies are the wall and
 * would hold without this; the planner needs it, since it uses indexes for predicates and not for sub-selects in policies.
 */
export class ScopePredicates implements KyselyPlugin {
  readonly #shapes: TableShapes;
  readonly #values: ScopeValues;

  constructor(shapes: TableShapes, values: ScopeValues) {
    this.#shapes = shapes;
    this.#values = values;
  }

  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return new PredicateTransformer(this.#shapes, this.#values).transformNode(args.node, args.queryId);
  }

  async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return args.result;
  }
}

type QueryId = PluginTransformQueryArgs['queryId'];

class PredicateTransformer extends OperationNodeTransformer {
  readonly #shapes: TableShapes;
  readonly #values: ScopeValues;

  constructor(shapes: TableShapes, values: ScopeValues) {
    super();
    this.#shapes = shapes;
    this.#values = values;
  }

  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    return this.#restrict(super.transformSelectQuery(node, queryId), node.from?.froms);
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    return this.#restrict(super.transformUpdateQuery(node, queryId), [
      ...(node.table === undefined ? [] : [node.table]),
      ...(node.from?.froms ?? []),
    ]);
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    const using: UsingNode | undefined = node.using;
    return this.#restrict(super.transformDeleteQuery(node, queryId), [...node.from.froms, ...(using?.tables ?? [])]);
  }

  protected override transformJoin(node: JoinNode, queryId?: QueryId): JoinNode {
    const joined = super.transformJoin(node, queryId);
    const predicate = this.#predicateOf(node.table);
    if (predicate === null) return joined;
    return {
      ...joined,
      on: OnNode.create(joined.on === undefined ? predicate : AndNode.create(joined.on.on, predicate)),
    };
  }

  #restrict<Node extends { readonly where?: WhereNode | undefined }>(
    node: Node,
    tables: FromNode['froms'] | undefined,
  ): Node {
    let where = node.where;
    for (const table of tables ?? []) {
      const predicate = this.#predicateOf(table);
      if (predicate !== null)
        where = WhereNode.create(
          where === undefined ? predicate : AndNode.create(parenthesised(where.where), predicate),
        );
    }
    return where === node.where ? node : { ...node, where };
  }

  #predicateOf(table: OperationNode): OperationNode | null {
    const named = namedTable(table);
    const shape = named === null ? undefined : this.#shapes.get(named.table);
    if (named === null || shape === undefined) return null;
    const msp = BinaryOperationNode.create(
      column(named.alias, 'msp_id'),
      OperatorNode.create('='),
      ValueNode.create(this.#values.mspId),
    );
    const { clients } = this.#values;
    if (clients === null || shape.clientColumn === null) return msp;
    const own = column(named.alias, shape.clientColumn);
    if (clients.kind === 'one') {
      const one = BinaryOperationNode.create(own, OperatorNode.create('='), ValueNode.create(clients.value));
      return AndNode.create(msp, one);
    }
    const anyClient = RawNode.create(['any(', '::uuid[])'], [ValueNode.create(clients.value)]);
    return AndNode.create(msp, BinaryOperationNode.create(own, OperatorNode.create('='), anyClient));
  }
}

function parenthesised(node: OperationNode): OperationNode {
  return ParensNode.is(node) ? node : ParensNode.create(node);
}

function column(table: string, name: string): ReferenceNode {
  return ReferenceNode.create(ColumnNode.create(name), TableNode.create(table));
}

/** The table and the name it goes by in the query; null for sub-queries and functions. */
function namedTable(node: OperationNode): { table: string; alias: string } | null {
  if (TableNode.is(node)) return { table: node.table.identifier.name, alias: node.table.identifier.name };
  if (AliasNode.is(node) && TableNode.is(node.node) && IdentifierNode.is(node.alias)) {
    return { table: node.node.table.identifier.name, alias: node.alias.name };
  }
  return null;
}
