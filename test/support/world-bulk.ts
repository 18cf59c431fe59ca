import type { Id } from '../../packages/core/src/kernel/id.ts';
import { startBulkInput } from '../../packages/core/src/modules/ticket-bulk/bulk-input.ts';
import { ChangeMany } from '../../packages/core/src/modules/ticket-bulk/change-many.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A change of many tickets, begun. */
export async function addBulk(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const input = startBulkInput.parse({ ticketIds: [ticketId], change: { note: 'Looked at.' } });
  await app.container.resolve(ChangeMany).start(staffScope(world.mspId), input);
}
