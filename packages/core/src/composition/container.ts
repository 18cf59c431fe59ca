// tsyringe throws on import without it, even where no decorator is used.
import 'reflect-metadata';
import { container as root, type DependencyContainer } from 'tsyringe';
import type pg from 'pg';
import { systemClock, type Clock } from '#kernel/clock';
import { ClockToken } from '#kernel/tokens';
import { ScopedDb } from '#platform/db/scoped-db';
import { readTableShapes } from '#platform/db/table-shapes';
import { Pool } from '#platform/db/tokens';
import { JobQueue } from '#platform/jobs/job-queue';
import { LiveHub } from '#platform/live';
import type { Settings } from '#platform/settings';
import { SettingsToken } from '#platform/settings-token';
import { modules } from './modules.ts';

export interface ContainerParts {
  readonly pool: pg.Pool;
  readonly jobs: JobQueue;
  readonly settings: Settings;
  /** The address of the role that signs people in. */
  readonly authUrl: string;
  readonly clock?: Clock;
  readonly isPrepared?: boolean;
}

/** Wires the platform's adapters and every module. What is in here is shared by all tenants: never a scope. */
export async function makeContainer(parts: ContainerParts): Promise<DependencyContainer> {
  const container = root.createChildContainer();
  const shapes = await readTableShapes(parts.pool);
  container.register(SettingsToken, { useValue: parts.settings });
  container.register(Pool, { useValue: parts.pool });
  container.register(ClockToken, { useValue: parts.clock ?? systemClock });
  container.register(ScopedDb, {
    useValue: new ScopedDb({ pool: parts.pool, shapes, prepared: parts.isPrepared ?? true }),
  });
  container.register(JobQueue, { useValue: parts.jobs });
  container.register(LiveHub, { useValue: new LiveHub() });
  for (const module of modules) module.register(container);
  return container;
}
