import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel/clock';
import type { ClientId, MspId } from '#kernel/id';
import { formatMoney } from '#kernel/money';
import type { Directory } from '#modules/directory';
import type { ContactId, MspQueries } from '#modules/tenancy';
import type { StaffId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Mailer } from '#platform/mail/mailer';
import type { ApprovalId, ApprovalStepId, ApprovalTables } from './approvals-table.ts';

interface Addressed<Id> {
  msp_id: MspId;
  id: Id;
  name: string;
  email: string;
}
interface PeopleTables extends ApprovalTables {
  contact: Addressed<ContactId> & { is_active: boolean };
  identity_staff: Addressed<StaffId> & { removed_at: Temporal.Instant | null };
}

/** How long the link of an approval that waits for ever works. */
const LINK_DAYS = 30;

interface Deps {
  readonly mailer: Mailer;
  readonly msps: MspQueries;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** Mails those who are asked. The link leads to a page on which they answer: opening it decides nothing. */
export class ApprovalMails {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** To everybody whose answer is wanted now and who has not given it. */
  async ask(tx: AnyTransaction, approvalId: ApprovalId): Promise<void> {
    const { mailer, msps, publicUrl } = this.#deps;
    const { query } = tx.typed<PeopleTables>();
    const approval = await query.selectFrom('approval').selectAll().where('id', '=', approvalId).executeTakeFirst();
    if (approval === undefined) return;
    const steps = await unanswered(tx, approvalId);
    const asked = approval.mode === 'sequence' ? steps.filter(({ place }) => place === approval.turn) : steps;
    const msp = await msps.get(tx.scope);
    const money =
      approval.amount_minor === null || approval.currency === null
        ? []
        : [`Amount: ${formatMoney({ amountMinor: approval.amount_minor, currency: approval.currency }, msp.locale)}`];
    const due =
      approval.due_at === null
        ? []
        : [
            `Please answer by ${approval.due_at.toZonedDateTimeISO(msp.timeZone).toLocaleString(msp.locale, { dateStyle: 'long', timeStyle: 'short' })}.`,
          ];
    for (const { stepId, name, contactId, contactEmail, staffEmail } of asked) {
      const address = contactEmail ?? staffEmail;
      if (address === null) continue;
      const link =
        contactId === null
          ? `${publicUrl}/inbox`
          : await this.#linkFor(tx, approval.client_id, stepId, approval.due_at);
      const words = approval.body === '' ? [] : ['', approval.body];
      await mailer.send(tx, {
        clientId: approval.client_id,
        purpose: 'approvals.request',
        to: [{ address, name }],
        fromName: msp.name,
        // Who reads this mail could answer for the contact.
        isSecret: contactId !== null,
        subject: `Your approval is asked for: ${approval.subject}`
          .replaceAll(/\p{Cc}+/gu, ' ')
          .slice(0, 300)
          .toWellFormed(),
        text: [
          `Hello ${name},`,
          '',
          approval.subject,
          ...words,
          '',
          ...money,
          ...due,
          '',
          `Answer here: ${link}`,
          ...(contactId === null ? [] : ['The link is for you alone and takes one answer. Please do not pass it on.']),
          '',
          'Kind regards,',
          msp.name,
          '',
        ].join('\n'),
      });
    }
  }

  /** A way to answer without a sign-in, of 256 bits, kept as its hash; it ends with the approval, and by the answer. */
  async #linkFor(
    tx: AnyTransaction,
    clientId: ClientId,
    stepId: ApprovalStepId,
    dueAt: Temporal.Instant | null,
  ): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = dueAt ?? this.#deps.clock.now().add({ hours: LINK_DAYS * 24 });
    await this.#deps.directory.addRoute(tx, { kind: 'approval', secret, clientId, subjectId: stepId, expiresAt });
    return `${this.#deps.publicUrl}/approve/${secret}`;
  }
}

async function unanswered(tx: AnyTransaction, approvalId: ApprovalId) {
  return tx
    .typed<PeopleTables>()
    .query.selectFrom('approval_step')
    .leftJoin('approval_decision', 'approval_decision.step_id', 'approval_step.id')
    .leftJoin('contact', 'contact.id', 'approval_step.contact_id')
    .leftJoin('identity_staff', 'identity_staff.id', 'approval_step.staff_id')
    .select([
      'approval_step.id as stepId',
      'approval_step.place',
      'approval_step.name',
      'approval_step.contact_id as contactId',
      'contact.email as contactEmail',
      'identity_staff.email as staffEmail',
    ])
    .where('approval_step.approval_id', '=', approvalId)
    .where('approval_decision.step_id', 'is', null)
    .orderBy('approval_step.place')
    .execute();
}
