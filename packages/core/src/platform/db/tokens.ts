import type pg from 'pg';
import type { InjectionToken } from 'tsyringe';

/** The application's pool, for the few look-ups that happen before a scope exists. Everything else goes through `ScopedDb`. */
export const Pool: InjectionToken<pg.Pool> = Symbol('Pool');
