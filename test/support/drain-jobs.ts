import { makeJobScope } from '../../packages/core/src/entry/job/job-scope.ts';
import { modules } from '../../packages/core/src/composition/modules.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { JobQueue, readEvent, type JobEnvelope } from '../../packages/core/src/platform/jobs/job-queue.ts';
import type { ModuleDefinition } from '../../packages/core/src/platform/module.ts';
import type { TestApp } from './test-app.ts';

type Handle = (envelope: JobEnvelope) => Promise<void>;

/** Does what waits in one module's queues, and what comes of it, oldest first, until nothing waits: as workers do, but now. Returns how much there was. */
export async function drainJobs(app: TestApp, name: string): Promise<number> {
  const handlers = handlersOf(app, name);
  for (let done = 0; ; done += 1) {
    const { rows } = await app.pool.query<{ id: string; name: string; data: JobEnvelope }>(
      `delete from pgboss.job where id = (select id from pgboss.job where state = 'created' and name = any($1) order by created_on, id limit 1)
       returning id, name, data`,
      [[...handlers.keys()]],
    );
    const [job] = rows;
    if (job === undefined) return done;
    await handlers.get(job.name)?.(job.data);
  }
}

function handlersOf(app: TestApp, name: string): Map<string, Handle> {
  const module = (modules as readonly ModuleDefinition[]).find((one) => one.name === name);
  const handlers = new Map<string, Handle>();
  for (const subscription of module?.subscriptions?.(app.container) ?? []) {
    const queue = JobQueue.eventQueue(subscription.event, subscription.handler);
    handlers.set(queue, (envelope) =>
      app.container
        .resolve(ScopedDb)
        .inOneTransaction(makeJobScope(envelope.mspId, queue), (scope) =>
          subscription.handle(scope, readEvent(subscription.event, envelope) as never),
        ),
    );
  }
  for (const { job, work } of module?.jobs?.(app.container) ?? [])
    handlers.set(job.name, (envelope) =>
      work(makeJobScope(envelope.mspId, job.name), job.payload.parse(envelope.payload) as never),
    );
  return handlers;
}
