import type { Clock } from '#kernel/clock';
import type { RequestApproval } from '#modules/approvals';
import type { ChooseWatchers } from '#modules/mail-intake';
import { fillPlainText, type RunMacro, type TicketValues } from '#modules/replies';
import type { TicketFacts } from '#modules/rule-conditions';
import type { AssignTicket } from '#modules/ticket-assignment';
import type { Checklists } from '#modules/ticket-checklists';
import type { SnoozeTicket } from '#modules/ticket-snooze';
import type { CommentOnTicket, TicketTables, UpdateTicket } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Action } from './action-input.ts';
import type { NotifyStaff } from './notify-staff.ts';

interface Deps {
  readonly update: UpdateTicket;
  readonly comments: CommentOnTicket;
  readonly assign: AssignTicket;
  readonly snooze: SnoozeTicket;
  readonly watchers: ChooseWatchers;
  readonly macros: RunMacro;
  readonly checklists: Checklists;
  readonly approvals: RequestApproval;
  readonly values: TicketValues;
  readonly notify: NotifyStaff;
  readonly clock: Clock;
}

/** How an action ended: the ticket's version after it, whether there was nothing to do after all, and why. */
interface Done {
  readonly version: number;
  readonly isNothing?: true;
  readonly why?: string;
}
type ActionOf<Do extends Action['do']> = Extract<Action, { do: Do }>;

/** Does one action of a rule in the rule's name. What the use case refuses, it throws. */
export class PerformAction {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `version` is the ticket's, as the action before left it. */
  async run(tx: AnyTransaction, action: Action, facts: TicketFacts, version: number): Promise<Done> {
    const set = (change: object): Promise<Done> =>
      this.#deps.update.run(tx.scope, { ticketId: facts.id, version, ...change }, tx);
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
      case 'assign-by':
        return this.#assign(tx, action, facts, version);
      case 'snooze':
        return this.#snooze(tx, action, facts, version);
      case 'run-macro':
        return this.#deps.macros.byRule(tx, { macroId: action.macroId, ticketId: facts.id, version });
      case 'add-watcher':
        return this.#watch(tx, action, facts, version);
      case 'add-checklist':
        return this.#list(tx, action, facts, version);
      case 'start-approval':
        return this.#ask(tx, action, facts, version);
      default:
        return this.#write(tx, action, facts, version);
    }
  }

  async #assign(tx: AnyTransaction, action: ActionOf<'assign-by'>, facts: TicketFacts, version: number): Promise<Done> {
    const { teamId, method, skillId } = action;
    const done = await this.#deps.assign.run(tx.scope, { ticketId: facts.id, version, teamId, method, skillId }, tx);
    return { version: done.version, why: done.reason };
  }

  async #snooze(tx: AnyTransaction, action: ActionOf<'snooze'>, facts: TicketFacts, version: number): Promise<Done> {
    const until = action.minutes === null ? null : this.#deps.clock.now().add({ minutes: action.minutes });
    return this.#deps.snooze.run(tx.scope, { ticketId: facts.id, version, until, untilReply: action.untilReply }, tx);
  }

  async #watch(tx: AnyTransaction, { address }: ActionOf<'add-watcher'>, facts: TicketFacts, version: number) {
    const { watchers } = this.#deps;
    if (await watchers.reads(tx, facts.id, address))
      return { version, isNothing: true, why: `${address} reads along already.` } as const;
    await watchers.add(tx.scope, { ticketId: facts.id, address }, tx);
    return { version };
  }

  async #list(tx: AnyTransaction, { templateId }: ActionOf<'add-checklist'>, facts: TicketFacts, version: number) {
    const { isNew } = await this.#deps.checklists.apply(tx.scope, { ticketId: facts.id, templateId }, tx);
    return isNew ? { version } : ({ version, isNothing: true, why: 'The ticket has this checklist already.' } as const);
  }

  async #ask(
    tx: AnyTransaction,
    { dueDays, ...question }: ActionOf<'start-approval'>,
    facts: TicketFacts,
    version: number,
  ): Promise<Done> {
    const { approvals, clock } = this.#deps;
    if (await approvals.isAsked(tx, facts.id, question.subject))
      return { version, isNothing: true, why: 'An answer to this is waited for already.' };
    const due = dueDays === null ? {} : { dueAt: clock.now().add({ hours: 24 * dueDays }) };
    await approvals.run(tx.scope, { ...question, ticketId: facts.id, ...due }, tx);
    return { version: await versionOf(tx, facts) };
  }

  async #write(
    tx: AnyTransaction,
    action: ActionOf<'add-note' | 'reply' | 'notify'>,
    facts: TicketFacts,
    version: number,
  ): Promise<Done> {
    const { comments, notify, values } = this.#deps;
    const body = action.text.includes('{{')
      ? fillPlainText(action.text, await values.of(tx.scope, facts.id))
      : action.text;
    if (action.do === 'notify') {
      await notify.run(tx, facts, action, body);
      return { version };
    }
    const words = { ticketId: facts.id, body, fileIds: [] };
    return action.do === 'reply'
      ? comments.reply(tx.scope, words, tx)
      : comments.note(tx.scope, { ...words, visibility: 'internal' }, tx);
  }
}

/** A ticket that waits for an approval waits for its client: that is a change of it. */
async function versionOf(tx: AnyTransaction, facts: TicketFacts): Promise<number> {
  const row = await tx
    .typed<TicketTables>()
    .query.selectFrom('ticket')
    .select('version')
    .where('id', '=', facts.id)
    .executeTakeFirstOrThrow();
  return row.version;
}
