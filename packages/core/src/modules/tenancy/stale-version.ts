import { ConflictError, NotFoundError } from '#kernel/errors';

/** The row that a change starts from: there, and as its changer last saw it. Throws `tenancy.<kind>-not-found`, `tenancy.<kind>-changed`. */
export function assertFresh<Row extends { readonly version: number }>(
  kind: 'site' | 'contact' | 'client-group',
  row: Row | undefined,
  version: number,
): asserts row is Row {
  const name = kind === 'client-group' ? 'group' : kind;
  if (row === undefined) throw new NotFoundError(`tenancy.${kind}-not-found`, `There is no such ${name}.`);
  if (row.version !== version)
    throw new ConflictError(
      `tenancy.${kind}-changed`,
      `Somebody else changed this ${name} meanwhile. Look at it again, then repeat your change.`,
    );
}
