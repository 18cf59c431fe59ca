import { escaped, linkPage } from './link-page.ts';

/** What is to be approved, with a button for either answer. It needs no script. */
export function approvalPage(about: {
  readonly mspName: string;
  readonly subject: string;
  readonly body: string;
  readonly requestedBy: string;
  readonly amount: string | null;
  readonly due: string | null;
}): string {
  const amount = about.amount === null ? '' : `<p class="amount">${escaped(about.amount)}</p>`;
  const due = about.due === null ? '' : ` Please answer by ${escaped(about.due)}.`;
  const words = about.body === '' ? '' : `<p class="words">${escaped(about.body)}</p>`;
  return linkPage(
    'Your approval is asked for',
    `<h1>${escaped(about.subject)}</h1>
    <p>${escaped(about.requestedBy)}, ${escaped(about.mspName)}, asks for your approval.${due}</p>
    ${words}${amount}
    <form method="post">
      <label for="comment"><strong>A comment</strong> (where you decline: why)</label>
      <textarea id="comment" name="comment" maxlength="2000"></textarea>
      <button name="answer" value="approved">Approve</button><button name="answer" value="refused" class="quiet">Decline</button>
    </form>`,
  );
}
