import type { InjectionToken } from 'tsyringe';
import type { MakeMailScope } from './mail-inbox-needs.ts';

/** Given at composition, from where scopes are made. */
export const MakeMailScopeToken: InjectionToken<MakeMailScope> = Symbol('MakeMailScope');
