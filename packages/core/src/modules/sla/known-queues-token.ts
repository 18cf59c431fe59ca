import type { InjectionToken } from 'tsyringe';
import type { KnownQueues } from './sla-needs.ts';

/** The token under which the queues are registered. */
export const KnownQueuesToken: InjectionToken<KnownQueues> = Symbol('KnownQueues');
