import type pg from 'pg';
import type { InjectionToken } from 'tsyringe';

/** The application's pool, for the few look-ups that happen before a scope exists. Everything else goes through `ScopedDb`. */
export const Pool: InjectionToken<pg.Pool> = Symbol('Pool');

/** The pool of the role that signs people in: it sees logins and sessions, and no tenant's row. */
export const AuthPool: InjectionToken<pg.Pool> = Symbol('AuthPool');
