import { NotFoundError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { PolicyInput } from './definition-input.ts';
import type { KnownQueues } from './sla-needs.ts';

interface StaffTables {
  identity_staff: { id: Id<'staff'>; removed_at: Temporal.Instant | null };
}

/** Throws `sla.reference-not-found`, which names the field, for a person or a queue that a policy's warnings name and the MSP does not have. */
export async function assertWarningReferences(
  tx: AnyTransaction,
  queues: KnownQueues,
  { warnings, leadIds, onCallIds }: PolicyInput,
): Promise<void> {
  const people = [
    ...warnings.map(({ assigneeId }, index) => [['warnings', index, 'assigneeId'], assigneeId] as const),
    ...leadIds.map((id, index) => [['leadIds', index], id] as const),
    ...onCallIds.map((id, index) => [['onCallIds', index], id] as const),
  ].flatMap(([path, id]) => (id === null ? [] : [{ path, id }]));
  const places = warnings.flatMap(({ queueId }, index) =>
    queueId === null ? [] : [{ path: ['warnings', index, 'queueId'], id: queueId }],
  );
  const [staff, known] = await Promise.all([
    people.length === 0
      ? []
      : tx
          .typed<StaffTables>()
          .query.selectFrom('identity_staff')
          .select('id')
          .where(
            'id',
            'in',
            people.map(({ id }) => id),
          )
          .where('removed_at', 'is', null)
          .execute(),
    places.length === 0
      ? new Set<string>()
      : queues.of(
          tx.scope,
          places.map(({ id }) => id),
        ),
  ]);
  const working = new Set<string>(staff.map(({ id }) => id));
  for (const { path, id } of people) if (!working.has(id)) throw missing(path, 'does not work for this MSP');
  for (const { path, id } of places) if (!known.has(id)) throw missing(path, 'is not a queue of this MSP');
}

function missing(path: readonly (string | number)[], message: string): NotFoundError {
  return new NotFoundError('sla.reference-not-found', `${path.join('.')} ${message}.`, {
    fields: [{ path: [...path], message }],
  });
}
