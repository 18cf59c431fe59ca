import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, ForbiddenError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { StaffIdentity } from '#modules/tickets';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { JobQueue } from '#platform/jobs/job-queue';
import type { LiveHub } from '#platform/live';
import { ANSWERS, type Answer } from './approval.ts';
import { approvalAnswered } from './approvals-events.ts';
import type { ApprovalId, ApprovalStepId, ApprovalTables } from './approvals-table.ts';
import { alreadyEnded, approvalNotFound } from './request-approval.ts';

export const answerApprovalInput = z.object({
  approvalId: idSchema('approval'),
  answer: z.enum(ANSWERS),
  comment: text({ min: 0, max: 2000 }).default(''),
});

interface Deps {
  readonly db: ScopedDb;
  readonly staff: StaffIdentity;
  readonly directory: Directory;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly live: LiveHub;
  readonly clock: Clock;
}

/** Takes somebody's answer. It is a row that is never changed; what follows from it is done by who hears of it, since a contact sees no answer but their own. */
export class AnswerApproval {
  readonly #db: ScopedDb<ApprovalTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ApprovalTables>();
    this.#deps = deps;
  }

  /**
   * As the contact or the member of staff that the scope is. Throws `approvals.approval-not-found`, `approvals.already-ended`, `approvals.not-asked`, `approvals.not-your-turn`,
   * `approvals.already-answered`.
   */
  async run(scope: TenantScope, input: z.output<typeof answerApprovalInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const row = await openApproval(tx, input.approvalId, this.#deps.clock.now());
      const step = await this.#stepOf(tx, input.approvalId, scope);
      await this.#take(tx, row, step, { ...input, by: scope.actor.label });
    });
  }

  /** As the contact whose step it is, for a scope that reaches the client: the link in their mail. Throws `approvals.approval-not-found` and as `run` does. */
  async byLink(
    scope: TenantScope,
    stepId: ApprovalStepId,
    given: { readonly answer: Answer; readonly comment: string },
  ): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const step = await tx.query
        .selectFrom('approval_step')
        .select(['id', 'place', 'name', 'approval_id'])
        .where('id', '=', stepId)
        .where('contact_id', 'is not', null)
        .executeTakeFirst();
      if (step === undefined) throw approvalNotFound();
      const row = await openApproval(tx, step.approval_id, this.#deps.clock.now());
      await this.#take(tx, row, step, { ...given, by: step.name });
    });
  }

  async #take(
    tx: ScopedTransaction<ApprovalTables>,
    row: Awaited<ReturnType<typeof openApproval>>,
    step: { readonly id: ApprovalStepId; readonly place: number },
    given: { readonly answer: Answer; readonly comment: string; readonly by: string },
  ): Promise<void> {
    const { audit, jobs, live, clock, directory } = this.#deps;
    if (row.mode === 'sequence' && step.place !== row.turn)
      throw new ConflictError('approvals.not-your-turn', 'Somebody else is asked before you. You get a mail then.');
    const made = await tx.query
      .insertInto('approval_decision')
      .values({
        msp_id: tx.scope.mspId,
        client_id: row.client_id,
        approval_id: row.id,
        step_id: step.id,
        answer: given.answer,
        comment: given.comment,
        by_label: given.by,
        at: clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('step_id')
      .executeTakeFirst();
    if (made === undefined)
      throw new ConflictError('approvals.already-answered', 'You have answered already; an answer is not changed.');
    if (tx.scope.audience === 'system') await directory.removeRoutes(tx, 'approval', step.id);
    await audit.record(tx, {
      action: 'approvals.answer-approval',
      subject: { kind: 'approval', id: row.id, clientId: row.client_id },
      summary: `${given.by} ${given.answer === 'approved' ? 'approved' : 'refused'} ‘${row.subject}’`,
      after: { answer: given.answer, comment: given.comment },
      isClientVisible: true,
    });
    const { client_id: clientId, version } = row;
    await jobs.publish(tx, approvalAnswered, { aggregateId: row.id, version }, { approvalId: row.id, clientId });
    live.touch(tx, { clientId, topic: 'approval', id: row.id, version, isForContacts: true });
  }

  async #stepOf(tx: ScopedTransaction<ApprovalTables>, approvalId: ApprovalId, scope: TenantScope) {
    const steps = tx.query
      .selectFrom('approval_step')
      .select(['id', 'place'])
      .where('approval_id', '=', approvalId)
      .orderBy('place');
    const staffId = scope.audience === 'staff' ? await this.#deps.staff.of(scope) : null;
    const isNobody = scope.audience === 'staff' ? staffId === null : scope.audience === 'system';
    const step = isNobody
      ? undefined
      : await (
          staffId === null
            ? steps.where('contact_id', '=', scope.actor.id as never)
            : steps.where('staff_id', '=', staffId)
        ).executeTakeFirst();
    if (step === undefined) throw new ForbiddenError('approvals.not-asked', 'This approval does not ask you.');
    return step;
  }
}

/** The approval, locked, as long as it takes answers. */
async function openApproval(tx: ScopedTransaction<ApprovalTables>, id: ApprovalId, now: Temporal.Instant) {
  const row = await tx.query.selectFrom('approval').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) throw approvalNotFound();
  const isOver = row.due_at !== null && Temporal.Instant.compare(row.due_at, now) < 0;
  if (row.state !== 'pending' || isOver) throw alreadyEnded();
  return row;
}
