import type { InjectionToken } from 'tsyringe';
import type { BreachSink } from './monitoring-needs.ts';

/** Registered by the module that turns breaches into alerts. */
export const BreachSinkToken: InjectionToken<BreachSink> = Symbol('BreachSink');
