import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError } from '#kernel/errors';
import { idSchema } from '#kernel/id';
import { formatMoney } from '#kernel/money';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import type { ContactQueries, MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import { mailWordsFor, type MailWords } from '#platform/mail-language/mail-language';
import { ANSWERS, type Answer } from './approval.ts';
import type { AnswerApproval } from './answer-approval.ts';
import type { ApprovalStepId, ApprovalTables } from './approvals-table.ts';
import { approvalNotFound } from './request-approval.ts';

/** The id of one person's part in an approval, as a link leads to it. */
export const approvalStepIdSchema = idSchema('approval-step');
const linkAnswerInput = z
  .object({ answer: z.enum(ANSWERS, { error: 'must be approved or refused' }), comment: text({ min: 0, max: 2000 }) })
  .refine(({ answer, comment }) => answer === 'approved' || comment.trim() !== '', {
    path: ['comment'],
    error: 'must say why, where you decline',
  });

/** What the page behind a link shows. */
export interface ApprovalLook {
  readonly mspName: string;
  readonly subject: string;
  readonly body: string;
  readonly requestedBy: string;
  /** As people write it who speak the contact’s language; null where there is none. */
  readonly amount: string | null;
  readonly due: string | null;
  /** `later`: somebody else is asked before. `ended`: nobody has to answer any more. */
  readonly state: 'open' | 'later' | 'ended' | Answer;
}

interface Deps {
  readonly db: ScopedDb;
  readonly contacts: ContactQueries;
  readonly msps: MspQueries;
  readonly answers: AnswerApproval;
  readonly clock: Clock;
}

/** What the page behind the link of a mail shows and takes. Its scope is the link’s: one client of one MSP. To look changes nothing. */
export class AnswerByLink {
  readonly #db: ScopedDb<ApprovalTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<ApprovalTables>();
    this.#deps = deps;
  }

  /** How whoever was asked is spoken to: in their language, else in the MSP’s. */
  async words(scope: TenantScope, stepId: ApprovalStepId): Promise<MailWords> {
    const row = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('approval_step').select('contact_id').where('id', '=', stepId),
    );
    const contactId = row?.contact_id ?? null;
    const contact = contactId === null ? null : await this.#deps.contacts.find(scope, contactId);
    return mailWordsFor(contact?.language, (await this.#deps.msps.get(scope)).locale);
  }

  /** Throws `approvals.approval-not-found`, also where who was asked is no contact of the portal any more. */
  async look(scope: TenantScope, stepId: ApprovalStepId): Promise<ApprovalLook> {
    const row = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('approval_step')
        .innerJoin('approval', 'approval.id', 'approval_step.approval_id')
        .leftJoin('approval_decision', 'approval_decision.step_id', 'approval_step.id')
        .selectAll('approval')
        .select(['approval_step.place', 'approval_step.contact_id', 'approval_decision.answer'])
        .where('approval_step.id', '=', stepId),
    );
    const contactId = row?.contact_id ?? null;
    const contact = contactId === null ? null : await this.#deps.contacts.find(scope, contactId);
    if (row === undefined || contact === null || !contact.isActive || contact.portalRole === 'none')
      throw approvalNotFound();
    const msp = await this.#deps.msps.get(scope);
    const { amount_minor: amountMinor, currency, due_at: dueAt } = row;
    const { locale } = mailWordsFor(contact.language, msp.locale);
    const isOver = dueAt !== null && Temporal.Instant.compare(dueAt, this.#deps.clock.now()) < 0;
    const isLater = row.mode === 'sequence' && row.place !== row.turn;
    return {
      mspName: msp.name,
      subject: row.subject,
      body: row.body,
      requestedBy: row.requested_by_label,
      amount: amountMinor === null || currency === null ? null : formatMoney({ amountMinor, currency }, locale),
      due:
        dueAt?.toZonedDateTimeISO(msp.timeZone).toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' }) ??
        null,
      state: row.answer ?? (row.state !== 'pending' || isOver ? 'ended' : isLater ? 'later' : 'open'),
    };
  }

  /**
   * Answers once, as the contact whom the mail went to; the link leads nowhere afterwards. What is given comes from outside and is checked here. Throws `approvals.not-an-answer`,
   * and as `look` and `AnswerApproval` do.
   */
  async answer(
    scope: TenantScope,
    stepId: ApprovalStepId,
    given: { answer: unknown; comment: unknown },
  ): Promise<void> {
    const parsed = linkAnswerInput.safeParse(given);
    if (!parsed.success)
      throw new InvalidInputError(
        'approvals.not-an-answer',
        'Approve, or decline and say why in at most 2000 letters.',
        { fields: parsed.error.issues.map(({ path, message }) => ({ path: path.map(String), message })) },
      );
    await this.look(scope, stepId);
    await this.#deps.answers.byLink(scope, stepId, parsed.data);
  }
}
