import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Clock } from '#kernel/clock';
import type { ClientId, MspId } from '#kernel/id';
import { formatMoney } from '#kernel/money';
import type { Directory } from '#modules/directory';
import type { ContactId, Language, MspQueries, MspView } from '#modules/tenancy';
import type { StaffId } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Mail } from '#platform/mail/mail';
import type { Mailer } from '#platform/mail/mailer';
import { mailWordsFor, type MailWords } from '#platform/mail-language/mail-language';
import type { ApprovalId, ApprovalStepId, ApprovalTables } from './approvals-table.ts';

interface Addressed<Id> {
  msp_id: MspId;
  id: Id;
  name: string;
  email: string;
}
interface PeopleTables extends ApprovalTables {
  contact: Addressed<ContactId> & { is_active: boolean; language: Language | null };
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
    for (const one of asked) {
      const address = one.contactEmail ?? one.staffEmail;
      if (address === null) continue;
      const isContact = one.contactId !== null;
      const link = isContact
        ? await this.#linkFor(tx, approval.client_id, one.stepId, approval.due_at)
        : `${publicUrl}/inbox`;
      // Staff read the console, which is in English.
      const spoken = mailWordsFor(isContact ? one.language : 'en', msp.locale);
      await mailer.send(tx, approvalMail(approval, { to: { address, name: one.name }, isContact, link, spoken, msp }));
    }
  }

  /** To everybody who was asked and has not answered: nobody has to any more, since the ticket goes on as another one. Their links lead nowhere from now on. */
  async withdrawn(tx: AnyTransaction, approvalId: ApprovalId, into: string): Promise<void> {
    const { mailer, msps, directory } = this.#deps;
    const { query } = tx.typed<PeopleTables>();
    const approval = await query.selectFrom('approval').selectAll().where('id', '=', approvalId).executeTakeFirst();
    if (approval === undefined) return;
    const msp = await msps.get(tx.scope);
    for (const one of await unanswered(tx, approvalId)) {
      if (one.contactId !== null) await directory.removeRoutes(tx, 'approval', one.stepId);
      const address = one.contactEmail ?? one.staffEmail;
      // Who comes later in a sequence was never asked.
      if (address === null || (approval.mode === 'sequence' && one.place !== approval.turn)) continue;
      const { say } = mailWordsFor(one.contactId === null ? 'en' : one.language, msp.locale);
      await mailer.send(tx, {
        clientId: approval.client_id,
        purpose: 'approvals.withdrawn',
        to: [{ address, name: one.name }],
        fromName: msp.name,
        isSecret: false,
        subject: subjectLine(say.approval.withdrawnSubject(approval.subject)),
        text: [say.hello(one.name), '', say.approval.withdrawn(into), '', say.regards, msp.name, ''].join('\n'),
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

function approvalMail(
  approval: Selectable<ApprovalTables['approval']>,
  about: {
    to: { address: string; name: string };
    isContact: boolean;
    link: string;
    spoken: MailWords;
    msp: MspView;
  },
): Mail {
  const { to, isContact, link, msp } = about;
  const { say, locale } = about.spoken;
  const { amount_minor: amountMinor, currency, due_at: dueAt } = approval;
  const due = dueAt?.toZonedDateTimeISO(msp.timeZone).toLocaleString(locale, { dateStyle: 'long', timeStyle: 'short' });
  return {
    clientId: approval.client_id,
    purpose: 'approvals.request',
    to: [to],
    fromName: msp.name,
    // Who reads this mail could answer for the contact.
    isSecret: isContact,
    subject: subjectLine(say.approval.subject(approval.subject)),
    text: [
      say.hello(to.name),
      '',
      approval.subject,
      ...(approval.body === '' ? [] : ['', approval.body]),
      '',
      ...(amountMinor === null || currency === null
        ? []
        : [say.approval.amount(formatMoney({ amountMinor, currency }, locale))]),
      ...(due === undefined ? [] : [say.approval.answerBy(due)]),
      '',
      say.approval.answerHere(link),
      ...(isContact ? [say.approval.forYouAlone] : []),
      '',
      say.regards,
      msp.name,
      '',
    ].join('\n'),
  };
}

/** On one line, and no longer than mail programs show. */
function subjectLine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 300)
    .toWellFormed();
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
      'contact.language',
      'identity_staff.email as staffEmail',
    ])
    .where('approval_step.approval_id', '=', approvalId)
    .where('approval_decision.step_id', 'is', null)
    .orderBy('approval_step.place')
    .execute();
}
