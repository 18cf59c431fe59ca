import type { MailWords } from '#platform/mail-language/mail-language';
import { escaped, linkPage } from './link-page.ts';

/** The page behind a face, with that face chosen; without scripts it is a form like any other. */
export function ratingPage(
  { say, language }: MailWords,
  about: {
    readonly mspName: string;
    readonly number: number;
    readonly subject: string;
    readonly comment: string;
    readonly faces: readonly { readonly score: number; readonly face: string }[];
    readonly chosen: number | null;
    readonly isClicked: boolean;
  },
): string {
  const faces = about.faces
    .map(
      ({ score, face }, place) =>
        `<label class="face"><input type="radio" name="score" value="${score}" required${score === about.chosen ? ' checked' : ''}><span aria-hidden="true">${face}</span>${escaped(say.rating.faces[place] ?? '')}</label>`,
    )
    .join('');
  const { page, rating } = say;
  return linkPage(
    language,
    rating.question,
    `<h1>${escaped(rating.question)}</h1>
    <p>${escaped(page.request(about.mspName, `T-${about.number}`, about.subject))}</p>
    <form method="post" data-clicked="${about.isClicked}" data-recorded="${escaped(page.recordedNow)}" data-failed="${escaped(page.notArrived)}">
      <fieldset><legend>${escaped(page.yourAnswer)}</legend>${faces}</fieldset>
      <label for="comment"><strong>${escaped(page.anythingToAdd)}</strong> ${escaped(page.youNeedNot)}</label>
      <textarea id="comment" name="comment" maxlength="2000">${escaped(about.comment)}</textarea>
      <p id="said" role="status"></p>
      <button>${escaped(page.send)}</button>
    </form>
    <script src="page.js" defer></script>`,
  );
}

/**
 * Sends the face that was clicked in the mail as soon as a person shows to be there. A program that opens the page moves no pointer and presses no key.
 */
export const ratingScript = `
const form = document.querySelector('form');
const said = document.getElementById('said');
const signs = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'wheel'];
let isSent = false;
async function record(withComment) {
  const data = new FormData(form);
  if (!data.get('score')) return;
  if (!withComment) data.delete('comment');
  const answer = await fetch(location.pathname, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(data) }).catch(() => null);
  said.textContent = answer?.ok ? form.dataset.recorded : form.dataset.failed;
}
function first(event) {
  if (!event.isTrusted || isSent) return;
  isSent = true;
  for (const sign of signs) removeEventListener(sign, first);
  void record(false);
}
if (form?.dataset.clicked === 'true') for (const sign of signs) addEventListener(sign, first, { passive: true });
form?.addEventListener('change', (event) => { if (event.target.name === 'score') { isSent = true; void record(false); } });
`;
