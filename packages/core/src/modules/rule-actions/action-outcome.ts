import type { Action } from './action-input.ts';

/** How an action of a run ended. */
export interface ActionOutcome {
  readonly action: Action;
  readonly state: 'done' | 'nothing-to-do' | 'refused';
  /** Why it was refused, or from what to what it changed; empty where neither is to be said. */
  readonly why: string;
}
