import type { InjectionToken } from 'tsyringe';
import type { MakePluginScope } from './plugin-host-needs.ts';

/** Given at composition, from where scopes are made. */
export const MakePluginScopeToken: InjectionToken<MakePluginScope> = Symbol('MakePluginScope');
