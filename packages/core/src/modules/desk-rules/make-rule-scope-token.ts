import type { InjectionToken } from 'tsyringe';
import type { MakeRuleScope } from './desk-rules-needs.ts';

/** Given at composition, from where scopes are made. */
export const MakeRuleScopeToken: InjectionToken<MakeRuleScope> = Symbol('MakeRuleScope');
