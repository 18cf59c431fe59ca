import type { InjectionToken } from 'tsyringe';
import type { Clock } from './clock.ts';

/** The clock that use cases are given. */
export const ClockToken: InjectionToken<Clock> = Symbol('Clock');
