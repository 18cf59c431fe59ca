import type { InjectionToken } from 'tsyringe';
import type { MakePersonScope } from './bulk-needs.ts';

/** Given at composition, from where scopes are made. */
export const MakePersonScopeToken: InjectionToken<MakePersonScope> = Symbol('MakePersonScope');
