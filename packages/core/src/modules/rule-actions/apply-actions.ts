import { DomainError } from '#kernel/errors';
import type { TicketFacts } from '#modules/rule-conditions';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { ActionOutcome } from './action-outcome.ts';
import type { PerformAction } from './perform-action.ts';
import type { Effect, PlannedAction } from './plan-actions.ts';

/** Does what a rule says, through the same use cases as people do it. */
export class ApplyActions {
  readonly #perform: PerformAction;

  constructor(deps: { perform: PerformAction }) {
    this.#perform = deps.perform;
  }

  /** One after the other on a ticket that the transaction holds locked; one that is refused is taken back alone and says why. Returns the ticket's version after them. */
  async run(
    tx: AnyTransaction,
    plan: readonly PlannedAction[],
    facts: TicketFacts,
  ): Promise<{ outcomes: ActionOutcome[]; version: number }> {
    const outcomes: ActionOutcome[] = [];
    let { version } = facts;
    for (const { action, effect } of plan) {
      if (effect.kind === 'nothing' || effect.kind === 'refused') {
        const state = effect.kind === 'refused' ? 'refused' : 'nothing-to-do';
        outcomes.push({ action, state, why: effect.why ?? '' });
        continue;
      }
      await tx.sql('savepoint rule_action');
      try {
        const done = await this.#perform.run(tx, action, facts, version);
        ({ version } = done);
        await tx.sql('release savepoint rule_action');
        const state = done.isNothing === true ? 'nothing-to-do' : 'done';
        outcomes.push({ action, state, why: done.why ?? whyOf(effect) });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await tx.sql('rollback to savepoint rule_action');
        outcomes.push({ action, state: 'refused', why: error.message });
      }
    }
    return { outcomes, version };
  }
}

function whyOf(effect: Effect): string {
  if (effect.kind === 'snooze') return effect.what;
  return effect.kind === 'set' ? (effect.from ?? '') : '';
}
