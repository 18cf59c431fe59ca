import { createRuleInput } from '../../packages/core/src/modules/desk-rules/rule-input.ts';
import { listRunsInput, RuleQueries } from '../../packages/core/src/modules/desk-rules/rule-queries.ts';
import type { DeskRuleId } from '../../packages/core/src/modules/desk-rules/rules-table.ts';
import { SaveRule } from '../../packages/core/src/modules/desk-rules/save-rule.ts';
import type { RunView } from '../../packages/core/src/modules/desk-rules/rules-view.ts';
import { CommentOnTicket, replyInput } from '../../packages/core/src/modules/tickets/comment-on-ticket.ts';
import { OpenTicket, openTicketInput } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import type { TicketId } from '../../packages/core/src/modules/tickets/index.ts';
import { TicketQueries } from '../../packages/core/src/modules/tickets/ticket-queries.ts';
import { UpdateTicket } from '../../packages/core/src/modules/tickets/update-ticket.ts';
import type { ClientId, MspId } from '../../packages/core/src/kernel/id.ts';
import type { TenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { drainJobs } from './drain-jobs.ts';
import { buildMsp, contactScope, staffScope, systemScope, type TestApp } from './test-app.ts';

/** An MSP with a client, and what tests of rules do there. */
export class RuleDesk {
  readonly #app: TestApp;
  readonly mspId: MspId;
  readonly clientId: ClientId;
  readonly staff: TenantScope;
  readonly system: TenantScope;
  readonly contact: TenantScope;

  private constructor(app: TestApp, mspId: MspId, clientId: ClientId) {
    this.#app = app;
    this.mspId = mspId;
    this.clientId = clientId;
    this.staff = staffScope(mspId);
    this.system = systemScope(mspId);
    this.contact = contactScope(mspId, clientId);
  }

  static async build(app: TestApp): Promise<RuleDesk> {
    const { mspId, clientIds } = await buildMsp(app, { clients: 1 });
    const [clientId] = clientIds;
    if (clientId === undefined) throw new Error('a client was made');
    return new RuleDesk(app, mspId, clientId);
  }

  of<Part>(token: new (...args: never[]) => Part): Part {
    return this.#app.container.resolve(token as new () => Part);
  }

  /** Lets rules hear and do whatever waits. */
  settle(): Promise<number> {
    return drainJobs(this.#app, 'desk-rules');
  }

  async make(
    name: string,
    definition: object,
    more: object = {},
  ): Promise<{ ruleId: DeskRuleId; version: number; warnings: string[] }> {
    const input = createRuleInput.parse({ name, definition, isActive: true, ...more });
    const saved = await this.of(SaveRule).create(this.staff, input);
    return { ...saved, ruleId: saved.ruleId as DeskRuleId };
  }

  async open(input: object = {}): Promise<TicketId> {
    const given = openTicketInput.parse({
      clientId: this.clientId,
      subject: 'Printer on fire',
      body: 'It smokes.',
      ...input,
    });
    return (await this.of(OpenTicket).run(this.staff, given)).ticketId;
  }

  ticket(id: TicketId) {
    return this.of(TicketQueries).get(this.staff, id);
  }

  async update(ticketId: TicketId, change: object): Promise<void> {
    const { version } = await this.ticket(ticketId);
    await this.of(UpdateTicket).run(this.staff, { ticketId, version, ...change });
  }

  async reply(scope: TenantScope, ticketId: TicketId, more: object = {}): Promise<void> {
    await this.of(CommentOnTicket).reply(scope, replyInput.parse({ ticketId, body: 'Does it work now?', ...more }));
  }

  async log(filter: object = {}): Promise<RunView[]> {
    return (await this.of(RuleQueries).runs(this.staff, listRunsInput.parse(filter))).items;
  }

  async sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return this.of(ScopedDb).transaction(this.system, (tx) => tx.sql(text, values));
  }
}
