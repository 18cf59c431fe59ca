// tsyringe throws on import without it, even where no decorator is used.
import 'reflect-metadata';
import { instanceCachingFactory, type DependencyContainer, type InjectionToken } from 'tsyringe';
import type { EventDefinition, PublishedEvent } from '#kernel/event';
import type { OperationMap } from '#kernel/operation';
import type { TenantScope } from '#kernel/tenant-scope';
import type { Command, OfflineCommand } from '#platform/command';
import type { JobDefinition } from '#platform/jobs/job-queue';

/** A permission as an administrator reads it when making a role. */
export interface PermissionDefinition {
  /** `module.verb-noun`. */
  readonly name: string;
  readonly title: string;
  /** Standard roles that hold it from the start; `portal` is what every contact may do in the portal. */
  readonly roles: readonly StandardRole[];
}

export type StandardRole = 'administrator' | 'manager' | 'technician' | 'billing' | 'read-only' | 'portal';

/** Reacts to an event. Runs under the system scope of the event's MSP, in a transaction that also records that it ran. */
export interface Subscription {
  readonly event: EventDefinition;
  /** Kebab case; with the event's name it names the queue, so it must stay as it is. */
  readonly handler: string;
  readonly isAwaited?: boolean;
  readonly handle: (scope: TenantScope, event: PublishedEvent<never>) => Promise<void>;
}

/** Binds a handler to an event, with the payload's type. */
export function on<Payload>(
  event: EventDefinition<string, Payload>,
  handler: string,
  handle: (scope: TenantScope, event: PublishedEvent<Payload>) => Promise<void>,
  options: { isAwaited?: boolean } = {},
): Subscription {
  return { event, handler, handle: handle as Subscription['handle'], ...options };
}

/** Does a job. Runs under the system scope of the job's MSP. */
export interface JobWorker {
  readonly job: JobDefinition<unknown>;
  readonly work: (scope: TenantScope, payload: never) => Promise<void>;
}

/** Binds a worker to a job, with the payload's type. */
export function worker<Payload>(
  job: JobDefinition<Payload>,
  work: (scope: TenantScope, payload: Payload) => Promise<void>,
): JobWorker {
  return { job, work: work as JobWorker['work'] };
}

/** One module of the domain, as composition sees it. */
export interface ModuleDefinition<Operations extends OperationMap = OperationMap, Name extends string = string> {
  readonly name: Name;
  /** The first words of its tables' names; `ticket` covers `ticket` and `ticket_comment`. */
  readonly tables: readonly string[];
  readonly permissions: readonly PermissionDefinition[];
  /** Registers what the module offers and needs; called in the order of modules. */
  readonly register: (container: DependencyContainer) => void;
  readonly operations: (container: DependencyContainer) => Operations;
  readonly subscriptions?: (container: DependencyContainer) => readonly Subscription[];
  readonly jobs?: (container: DependencyContainer) => readonly JobWorker[];
  /** Commands of the administrator's command line. */
  readonly commands?: (container: DependencyContainer) => readonly Command[];
  /** Those of them that need no database. */
  readonly offlineCommands?: readonly OfflineCommand[];
}

/** Declares a module, keeping its name and the exact type of its operations, from which the web's client is typed. */
export function defineModule<const Operations extends OperationMap, const Name extends string>(
  definition: ModuleDefinition<Operations, Name>,
): ModuleDefinition<Operations, Name> {
  return definition;
}

/** Registers one shared instance. Never for anything that holds a scope: it would be handed to the next tenant. */
export function provide<T>(
  container: DependencyContainer,
  token: InjectionToken<T>,
  make: (container: DependencyContainer) => T,
): void {
  container.register(token, { useFactory: instanceCachingFactory(make) });
}
