import { z } from 'zod';
import { InvalidInputError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { LogTime } from '#modules/time';
import type { CommentOnTicket, StaffId, StaffIdentity, TicketId, TicketQueries, UpdateTicket } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import { stepText, type MacroStep } from './macro.ts';
import type { Macros } from './macros.ts';
import { fillPlaceholders, PLACEHOLDERS } from './placeholders.ts';
import { staffOf } from './reply-owner.ts';
import type { TicketValues } from './ticket-values.ts';

export const previewMacroInput = z.object({ macroId: idSchema('reply-macro'), ticketId: idSchema('ticket') });
export const previewView = z.object({
  name: z.string(),
  steps: z.array(z.object({ kind: z.string(), text: z.string(), html: z.string().nullable() })),
  /** Placeholders that nothing is known for; values for them must come along when it is run. */
  missing: z.array(z.object({ name: z.string(), title: z.string() })),
});
export const runMacroInput = z.object({
  macroId: idSchema('reply-macro'),
  ticketId: idSchema('ticket'),
  /** The ticket as the caller's person saw it. */
  version: z.int(),
  /** Values for placeholders that nothing is known for. */
  values: z.record(z.string().max(60), z.string().max(500)).default({}),
});
export const ranView = z.object({
  version: z.int(),
  /** What a change of the ticket at this version takes back; null where it changed no field. What was written and logged stays. */
  undo: z
    .object({
      status: z.string().optional(),
      priority: z.int().optional(),
      assigneeId: idSchema('staff').nullable().optional(),
      queueId: idSchema('ticket-queue').nullable().optional(),
    })
    .nullable(),
  isWritten: z.boolean(),
});

interface Deps {
  readonly db: ScopedDb;
  readonly macros: Macros;
  readonly values: TicketValues;
  readonly staff: StaffIdentity;
  readonly tickets: TicketQueries;
  readonly comments: CommentOnTicket;
  readonly update: UpdateTicket;
  readonly time: LogTime;
  readonly audit: AuditTrail;
}

type Change = Omit<Parameters<UpdateTicket['run']>[1], 'ticketId' | 'version'>;

/** Shows what a macro would do to a ticket, and does it: all steps in one transaction, or none. */
export class RunMacro {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws `replies.not-found`, `tickets.ticket-not-found`. */
  async preview(
    scope: TenantScope,
    { macroId, ticketId }: z.output<typeof previewMacroInput>,
  ): Promise<z.input<typeof previewView>> {
    const values = await this.#deps.values.of(scope, ticketId);
    const { name, steps } = await this.#deps.macros.get(scope, macroId);
    const missing = new Set<string>();
    const shown = steps.map((step) => {
      if (!('html' in step)) return { kind: step.kind, text: stepText(step), html: null };
      const filled = fillPlaceholders(step.html, values);
      for (const placeholder of filled.missing) missing.add(placeholder);
      return { kind: step.kind, text: stepText(step), html: filled.html };
    });
    return {
      name,
      steps: shown,
      missing: [...missing].map((placeholder) => ({
        name: placeholder,
        title: PLACEHOLDERS.get(placeholder) ?? placeholder,
      })),
    };
  }

  /**
   * Throws `replies.not-found`, `replies.not-staff`, `replies.value-missing`, `tickets.ticket-not-found`, `tickets.ticket-changed`, `tickets.status-not-reachable`,
   * `tickets.reference-not-found`.
   */
  async run(scope: TenantScope, input: z.output<typeof runMacroInput>): Promise<z.input<typeof ranView>> {
    const { db, macros, values, staff } = this.#deps;
    const known = new Map(await values.of(scope, input.ticketId));
    const me = await staffOf(staff, scope);
    const { name, steps } = await macros.get(scope, input.macroId);
    for (const [placeholder, value] of Object.entries(input.values))
      if (PLACEHOLDERS.has(placeholder) && (known.get(placeholder) ?? '') === '') known.set(placeholder, value);
    return db.transaction(scope, (tx) => this.#do(tx, input, { name, steps, me, known }));
  }

  /**
   * Runs one that all share in a rule's name, within its transaction. Throws as `run` does, and `replies.needs-a-person` where a step is somebody's: to assign to oneself, to log time.
   */
  async byRule(
    tx: AnyTransaction,
    input: { macroId: z.output<typeof runMacroInput>['macroId']; ticketId: TicketId; version: number },
  ): Promise<{ version: number }> {
    const { macros, values } = this.#deps;
    const { name, steps } = await macros.getShared(tx.scope, input.macroId);
    assertNobodys(name, steps, ['macroId']);
    return this.#do(tx, input, { name, steps, me: null, known: await values.of(tx.scope, input.ticketId) });
  }

  /** Throws unless a rule can run the macro that `path` names: `replies.not-found` for one that is not there or not shared, `replies.needs-a-person`. */
  async assertForRules(
    scope: TenantScope,
    macroId: z.output<typeof runMacroInput>['macroId'],
    path: readonly (string | number)[],
  ): Promise<void> {
    const { name, steps } = await this.#deps.macros.getShared(scope, macroId);
    assertNobodys(name, steps, path);
  }

  /** What each of some shared macros does, by id: what a rule that runs one sets off is told by it. */
  stepsOf(
    scope: TenantScope,
    ids: readonly z.output<typeof runMacroInput>['macroId'][],
  ): Promise<ReadonlyMap<string, readonly MacroStep[]>> {
    return this.#deps.macros.stepsOf(scope, ids);
  }

  async #do(
    tx: AnyTransaction,
    input: { ticketId: TicketId; version: number },
    {
      name,
      steps,
      me,
      known,
    }: { name: string; steps: readonly MacroStep[]; me: StaffId | null; known: ReadonlyMap<string, string | null> },
  ): Promise<z.input<typeof ranView>> {
    const { tickets, audit } = this.#deps;
    const before = await tickets.row(tx.scope, input.ticketId);
    const change = changeOf(steps, me);
    const changed = await this.#deps.update.run(
      tx.scope,
      { ...change, ticketId: input.ticketId, version: input.version },
      tx,
      undefined,
      [{ kind: 'macro', to: name }],
    );
    const version = (await this.#write(tx, input.ticketId, steps, known)) ?? changed.version;
    await audit.record(tx, {
      action: 'replies.run-macro',
      subject: { kind: 'ticket', id: input.ticketId, clientId: before.client_id },
      summary: `Ran the macro ${name} on the ticket T-${before.number}`,
      after: { steps: steps.map((step) => step.kind) },
    });
    return {
      version,
      undo: undoOf(change, before),
      isWritten: steps.some((step) => ['reply', 'note', 'time'].includes(step.kind)),
    };
  }

  /** The texts and the time. Returns the ticket's version after the last that changes it. */
  async #write(
    tx: AnyTransaction,
    ticketId: TicketId,
    steps: readonly MacroStep[],
    values: ReadonlyMap<string, string | null>,
  ): Promise<number | null> {
    const { comments, time } = this.#deps;
    let version: number | null = null;
    for (const step of steps) {
      if (step.kind === 'time')
        await time.run(
          tx.scope,
          { ticketId, minutes: step.minutes, note: step.note, workType: 'remote', visibility: 'internal' },
          tx,
        );
      if (!('html' in step)) continue;
      const { html, missing } = fillPlaceholders(step.html, values);
      if (missing[0] !== undefined)
        throw new InvalidInputError('replies.value-missing', `There is no value for {{${missing[0]}}} here.`, {
          fields: [{ path: ['values', missing[0]], message: 'must be given' }],
        });
      const written = { ticketId, html, fileIds: [] };
      const result =
        step.kind === 'reply'
          ? await comments.reply(tx.scope, { ...written, ...statusOf(steps) }, tx)
          : await comments.note(tx.scope, { ...written, visibility: 'internal' }, tx);
      version = result.version;
    }
    return version;
  }
}

/** A reply must not set the status that it usually leaves behind where a step says another one. */
function statusOf(steps: readonly MacroStep[]): { status?: Extract<MacroStep, { kind: 'status' }>['status'] } {
  const step = steps.find((candidate) => candidate.kind === 'status');
  return step === undefined ? {} : { status: step.status };
}

/** Throws `replies.needs-a-person` where a step means whoever runs the macro. */
function assertNobodys(name: string, steps: readonly MacroStep[], path: readonly (string | number)[]): void {
  const step = steps.find(({ kind }) => kind === 'assign-me' || kind === 'time');
  if (step !== undefined)
    throw new InvalidInputError(
      'replies.needs-a-person',
      `The macro ${name} has a step that needs a person: ${stepText(step)}.`,
      { fields: [{ path: [...path], message: 'has a step that needs a person' }] },
    );
}

function changeOf(steps: readonly MacroStep[], me: StaffId | null): Change {
  const change: Change = {};
  for (const step of steps) {
    if (step.kind === 'status') change.status = step.status;
    if (step.kind === 'priority') change.priority = step.priority;
    if (step.kind === 'assign-me' && me !== null) change.assigneeId = me;
    if (step.kind === 'assign') change.assigneeId = step.staffId;
    if (step.kind === 'queue') change.queueId = step.queueId;
  }
  return change;
}

function undoOf(change: Change, before: Awaited<ReturnType<TicketQueries['row']>>): z.input<typeof ranView>['undo'] {
  const undo = {
    ...(change.status === undefined || change.status === before.status ? {} : { status: before.status }),
    ...(change.priority === undefined ? {} : { priority: before.priority }),
    ...(change.assigneeId === undefined ? {} : { assigneeId: before.assignee_id }),
    ...(change.queueId === undefined ? {} : { queueId: before.queue_id }),
  };
  return Object.keys(undo).length === 0 ? null : undo;
}
