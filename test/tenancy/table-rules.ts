import type { CatalogueTable } from './catalogue.ts';

/** Tables that hold no tenant's rows, each with its reason. The whole list. */
export const NOT_TENANT: ReadonlyMap<string, string> = new Map([
  ['schema_migration', 'which migrations ran; the application has no right to it'],
  ['schema_migration_lock', 'keeps two migrations from running at once; the application has no right to it'],
  [
    'secret_key_check',
    'proves the install’s secret key at start, before there is any tenant; holds names and HMACs of keys',
  ],
]);

/** Tables that may join two clients' rows (architecture: link tables), each with its reason. */
const LINKS_CLIENTS: ReadonlyMap<string, string> = new Map([
  ['asset_relation', 'a client’s machine may run on a host of the internal client'],
  ['ticket_link', 'a ticket may be linked with one of another client'],
]);

/** Everything that is wrong with a table's walls, one sentence each; empty when it holds. */
export function violationsOf(table: CatalogueTable, all: ReadonlyMap<string, CatalogueTable>): string[] {
  if (NOT_TENANT.has(table.name)) return [];
  if (!table.columns.has('msp_id'))
    return [`${table.name} has no msp_id and is not on the list of tables without tenants`];
  return [
    ...policyViolations(table),
    ...keyViolations(table),
    ...referenceViolations(table, all),
    ...indexViolations(table),
  ].map((violation) => `${table.name} ${violation}`);
}

function policyViolations(table: CatalogueTable): string[] {
  const violations: string[] = [];
  if (!table.isRowSecured) violations.push('has no row-level security');
  if (!table.isForced) violations.push('does not force row-level security on its owner');
  if (table.owner !== 'bailiwick_owner') violations.push(`is owned by ${table.owner}`);
  if (!table.policies.some((policy) => policy.role === 'bailiwick_owner' && policy.using === 'true'))
    violations.push('hides rows from data migrations (no policy for bailiwick_owner)');
  // What only narrows needs no wall of its own, and is none.
  const forApplication = table.policies.filter(
    (policy) => !policy.isRestrictive && policy.role.split(',').includes('bailiwick_app'),
  );
  if (forApplication.length === 0) violations.push('has no policy for bailiwick_app');
  for (const policy of forApplication) {
    for (const [side, expression] of [
      ['reading', policy.using],
      ['writing', policy.check],
    ] as const) {
      if (expression === null) continue;
      if (!expression.includes('app.msp_id'))
        violations.push(`is not walled by MSP for ${side} (policy ${policy.name})`);
      const client = table.name === 'client' ? 'id' : 'client_id';
      if (
        (table.columns.has('client_id') || table.name === 'client') &&
        !(expression.includes('app.client_ids') && expression.includes(client))
      )
        violations.push(`is not walled by client for ${side} (policy ${policy.name})`);
    }
  }
  if (table.policies.some((policy) => policy.role === 'public')) violations.push('has a policy for everybody');
  return violations;
}

function keyViolations(table: CatalogueTable): string[] {
  const violations: string[] = [];
  const primary = table.keys.find((key) => key.kind === 'primary');
  if (primary === undefined) return ['has no primary key'];
  const isMspItself = table.columns.has('msp_id') && primary.columns.length === 1 && primary.columns[0] === 'msp_id';
  if (!isMspItself && table.name !== 'directory_route' && primary.columns[0] !== 'msp_id')
    violations.push(`has a primary key that does not begin with msp_id (${primary.columns.join(', ')})`);
  if (table.columns.get('msp_id')?.isNullable === true) violations.push('lets msp_id be null');
  const isReferable =
    table.columns.has('id') &&
    table.columns.has('client_id') &&
    primary.columns.join() === 'msp_id,id' &&
    table.columns.get('client_id')?.isNullable === false;
  if (isReferable && !table.keys.some((key) => key.columns.join() === 'msp_id,client_id,id'))
    violations.push('has no unique (msp_id, client_id, id) for composite references');
  return violations;
}

function referenceViolations(table: CatalogueTable, all: ReadonlyMap<string, CatalogueTable>): string[] {
  const violations: string[] = [];
  for (const reference of table.references) {
    const target = all.get(reference.target);
    if (target === undefined || !target.columns.has('msp_id')) continue;
    if (!reference.columns.includes('msp_id')) violations.push(`can point into another MSP (${reference.name})`);
    const isClients = table.columns.has('client_id') && target.columns.get('client_id')?.isNullable === false;
    if (
      isClients &&
      !reference.columns.some((column) => column.endsWith('client_id')) &&
      !LINKS_CLIENTS.has(table.name)
    )
      violations.push(`can point into another client (${reference.name})`);
    if (!reference.isDeferred) violations.push(`checks ${reference.name} before the end of the transaction`);
    const isOff = table.columns.get('client_id')?.isNullable === true && isClients;
    const nullable = reference.columns.filter(
      (column) => column !== 'client_id' && table.columns.get(column)?.isNullable === true,
    );
    for (const column of nullable) {
      if (isOff && !table.checks.some((check) => check.includes(column) && check.includes('client_id IS NOT NULL')))
        violations.push(`switches ${reference.name} off where client_id is null (no check on ${column})`);
    }
  }
  return violations;
}

/** A list over all clients and the same list of one client are different queries; each needs an index of its own. */
function indexViolations(table: CatalogueTable): string[] {
  if (!table.columns.has('client_id')) return [];
  const violations: string[] = [];
  const lists = table.indexes.filter(
    (index) =>
      index.columns[0] === 'msp_id' &&
      index.columns.at(-1) === 'id' &&
      index.columns.length > 2 &&
      index.columns[1] !== 'client_id',
  );
  for (const list of lists) {
    const sort = list.columns.slice(1, -1);
    const isNarrow = sort.some((column) => column.endsWith('_id'));
    // A unique index needs no id to break ties.
    const pair = ['msp_id', 'client_id', ...sort].join();
    if (
      !isNarrow &&
      !table.indexes.some((index) => !index.isPartial && `${index.columns.join()},`.startsWith(`${pair},`))
    )
      violations.push(
        `has the list index ${list.name} (${list.columns.join(', ')}) without its pair (${pair.replaceAll(',', ', ')})`,
      );
  }
  return violations;
}
