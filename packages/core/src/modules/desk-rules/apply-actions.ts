import { DomainError } from '#kernel/errors';
import type { CommentOnTicket, TicketId, UpdateTicket } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Action } from './action-input.ts';
import type { NotifyStaff } from './notify-staff.ts';
import type { PlannedAction } from './plan-actions.ts';
import { fillPlaceholders } from './placeholders.ts';
import type { ActionOutcome } from './rules-table.ts';
import type { TicketFacts } from './ticket-facts.ts';

interface Deps {
  readonly update: UpdateTicket;
  readonly comments: CommentOnTicket;
  readonly notify: NotifyStaff;
}

/** Does what a rule says, through the same use cases as people do it. */
export class ApplyActions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
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
        const why = effect.kind === 'refused' ? effect.why : '';
        outcomes.push({ action, state: effect.kind === 'refused' ? 'refused' : 'nothing-to-do', why });
        continue;
      }
      await tx.sql('savepoint rule_action');
      try {
        version = await this.#one(tx, action, facts, version);
        await tx.sql('release savepoint rule_action');
        outcomes.push({ action, state: 'done', why: effect.kind === 'set' ? (effect.from ?? '') : '' });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        await tx.sql('rollback to savepoint rule_action');
        outcomes.push({ action, state: 'refused', why: error.message });
      }
    }
    return { outcomes, version };
  }

  async #one(tx: AnyTransaction, action: Action, facts: TicketFacts, version: number): Promise<number> {
    const { update, comments, notify } = this.#deps;
    const set = async (change: object): Promise<number> =>
      (await update.run(tx.scope, { ticketId: facts.id, version, ...change }, tx)).version;
    switch (action.do) {
      case 'set-queue':
        return set({ queueId: action.queueId });
      case 'set-team':
        return set({ teamId: action.teamId });
      case 'set-category':
        return set({ categoryId: action.categoryId });
      case 'assign':
        return set({ assigneeId: action.assigneeId });
      case 'set-status':
        return set({ status: action.status });
      case 'set-priority':
        return set({ priority: action.priority });
      case 'set-type':
        return set({ type: action.type });
      case 'add-note': {
        const body = await this.#fill(tx, action.text, facts);
        const note = { ticketId: facts.id, body, fileIds: [], visibility: 'internal' as const };
        return (await comments.note(tx.scope, note, tx)).version;
      }
      case 'reply': {
        const body = await this.#fill(tx, action.text, facts);
        return (await comments.reply(tx.scope, { ticketId: facts.id, body, fileIds: [] }, tx)).version;
      }
      case 'notify':
        await notify.run(tx, facts, action, await this.#fill(tx, action.text, facts));
        return version;
    }
  }

  async #fill(tx: AnyTransaction, text: string, facts: TicketFacts): Promise<string> {
    return fillPlaceholders(tx, text, facts.id satisfies TicketId);
  }
}
