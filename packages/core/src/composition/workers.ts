import type { DependencyContainer } from 'tsyringe';

import { makeJobScope } from '#entry/job/job-scope';
import { Directory } from '#modules/directory';
import { ScopedDb } from '#platform/db/scoped-db';
import { readEvent, type JobEnvelope, type JobQueue } from '#platform/jobs/job-queue';
import type { JobWorker, ModuleDefinition, Subscription } from '#platform/module';
import { modules } from './modules.ts';

/**
 * Makes every queue and, where this process works, starts a worker on each. Queues are made in every role: an API process must be able to send what a
 * worker elsewhere takes.
 */
export async function startWorkers(parts: {
  container: DependencyContainer;
  jobs: JobQueue;
  isWorking: boolean;
}): Promise<{ stop(): Promise<void> }> {
  for (const module of modules as readonly ModuleDefinition[]) {
    for (const subscription of module.subscriptions?.(parts.container) ?? [])
      await startSubscription(parts, subscription);
    for (const job of module.jobs?.(parts.container) ?? []) await startJob(parts, job);
  }
  return { stop: async () => {} };
}

async function startSubscription(
  { container, jobs, isWorking }: { container: DependencyContainer; jobs: JobQueue; isWorking: boolean },
  subscription: Subscription,
): Promise<void> {
  const queue = jobs.subscribe(subscription.event, subscription.handler);
  await jobs.createQueue(queue, { isAwaited: subscription.isAwaited ?? false });
  if (isWorking) await jobs.work(queue, (envelope) => handleOnce(container, subscription, queue, envelope));
}

/** The handler and the record that it ran commit together: an event that is delivered twice is handled once. */
async function handleOnce(
  container: DependencyContainer,
  subscription: Subscription,
  queue: string,
  envelope: JobEnvelope,
): Promise<void> {
  const event = readEvent(subscription.event, envelope);
  await container.resolve(ScopedDb).inOneTransaction(makeJobScope(envelope.mspId, queue), async (scope, tx) => {
    const fresh = await tx.sql(
      'insert into handled_event (msp_id, handler, event_id) values ($1, $2, $3) on conflict do nothing returning 1',
      [envelope.mspId, queue, event.eventId],
    );
    if (fresh.length > 0) await subscription.handle(scope, event as never);
  });
}

async function startJob(
  { container, jobs, isWorking }: { container: DependencyContainer; jobs: JobQueue; isWorking: boolean },
  { job, work }: JobWorker,
): Promise<void> {
  await jobs.createQueue(job.name, {
    isAwaited: job.isAwaited ?? false,
    ...(job.retryLimit === undefined ? {} : { retryLimit: job.retryLimit }),
  });
  if (!isWorking) return;
  await jobs.work(
    job.name,
    async (envelope) => work(makeJobScope(envelope.mspId, job.name), job.payload.parse(envelope.payload) as never),
    job.concurrency === undefined ? {} : { concurrency: job.concurrency },
  );
  if (job.cron !== undefined) {
    await jobs.schedule(`${job.name}/sweep`, job.cron, async () => {
      for (const msp of await container.resolve(Directory).listMsps())
        if (msp.state === 'active') await jobs.sendFor(msp.mspId, job, {});
    });
  }
}
