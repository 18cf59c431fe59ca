import type { DependencyContainer } from 'tsyringe';
import type { z } from 'zod';
import { authorize } from '#entry/http/run-operation';
import { newId } from '#kernel/id';
import type { Operation } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ModuleDefinition } from '#platform/module';

/** Does an operation as whoever the scope is, by the door that everybody comes through: audience, permission, schema. */
export async function act<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<'query' | 'command', Input, Output>,
  scope: TenantScope,
  input: z.input<Input>,
): Promise<z.output<Output>> {
  authorize(operation, scope);
  return operation.output.parse(await operation.run(scope, operation.input.parse(input)));
}

/** Does a module's job at once, as a worker would: the story's queue has no workers. */
export async function doJob(
  module: Pick<ModuleDefinition, 'jobs' | 'name'>,
  container: DependencyContainer,
  scope: TenantScope,
  given: { readonly job: string; readonly payload: object },
): Promise<void> {
  const worker = module.jobs?.(container).find(({ job }) => job.name === given.job);
  if (worker === undefined) throw new TypeError(`The module ${module.name} has no job ${given.job}.`);
  await worker.work(scope, worker.job.payload.parse(given.payload) as never);
}

/** Tells one handler of a module of an event, as the queue would. */
export async function tell(
  module: Pick<ModuleDefinition, 'subscriptions' | 'name'>,
  container: DependencyContainer,
  scope: TenantScope,
  given: { readonly handler: string; readonly aggregateId: string; readonly payload: object },
): Promise<void> {
  const subscription = module.subscriptions?.(container).find(({ handler }) => handler === given.handler);
  if (subscription === undefined) throw new TypeError(`The module ${module.name} has no handler ${given.handler}.`);
  const { aggregateId, payload } = given;
  await subscription.handle(scope, { eventId: newId(), aggregateId, version: 1, payload: payload as never });
}
