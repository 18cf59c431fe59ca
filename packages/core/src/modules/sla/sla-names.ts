import { ConflictError } from '#kernel/errors';

/** A calendar or a policy needs a name of its own. */
export function nameTaken(kind: string): ConflictError {
  return new ConflictError('sla.name-taken', `There is another ${kind} of this name.`, {
    fields: [{ path: ['name'], message: `is that of another ${kind}` }],
  });
}

/** PostgreSQL's unique_violation, said of the name: nothing else that is written there can be taken. */
export function refuseTakenName(kind: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && 'code' in error && error.code === '23505') throw nameTaken(kind);
    throw error;
  };
}
