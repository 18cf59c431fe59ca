import type { InjectionToken } from 'tsyringe';
import type { ConnectionCleaner } from './connection-cleaner.ts';

/** Registered any number of times; all are called, the last module's first. */
export const ConnectionCleanerToken: InjectionToken<ConnectionCleaner> = Symbol('ConnectionCleaner');
