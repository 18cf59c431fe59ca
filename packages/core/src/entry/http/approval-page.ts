import type { MailWords } from '#platform/mail-language/mail-language';
import { escaped, linkPage } from './link-page.ts';

/** What is to be approved, with a button for either answer. It needs no script. */
export function approvalPage(
  { say, language }: MailWords,
  about: {
    readonly mspName: string;
    readonly subject: string;
    readonly body: string;
    readonly requestedBy: string;
    readonly amount: string | null;
    readonly due: string | null;
  },
): string {
  const amount = about.amount === null ? '' : `<p class="amount">${escaped(about.amount)}</p>`;
  const due = about.due === null ? '' : ` ${escaped(say.approval.answerBy(about.due))}`;
  const words = about.body === '' ? '' : `<p class="words">${escaped(about.body)}</p>`;
  const { page } = say;
  return linkPage(
    language,
    page.askedTitle,
    `<h1>${escaped(about.subject)}</h1>
    <p>${escaped(page.asked(about.requestedBy, about.mspName))}${due}</p>
    ${words}${amount}
    <form method="post">
      <label for="comment"><strong>${escaped(page.comment)}</strong> ${escaped(page.commentHint)}</label>
      <textarea id="comment" name="comment" maxlength="2000"></textarea>
      <button name="answer" value="approved">${escaped(page.approve)}</button><button name="answer" value="refused" class="quiet">${escaped(page.decline)}</button>
    </form>`,
  );
}
