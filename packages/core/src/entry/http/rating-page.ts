import { escaped, linkPage } from './link-page.ts';

/** The page behind a face, with that face chosen; without scripts it is a form like any other. */
export function ratingPage(about: {
  readonly mspName: string;
  readonly number: number;
  readonly subject: string;
  readonly comment: string;
  readonly faces: readonly { readonly score: number; readonly face: string; readonly word: string }[];
  readonly chosen: number | null;
  readonly isClicked: boolean;
}): string {
  const faces = about.faces
    .map(
      ({ score, face, word }) =>
        `<label class="face"><input type="radio" name="score" value="${score}" required${score === about.chosen ? ' checked' : ''}><span aria-hidden="true">${face}</span>${word}</label>`,
    )
    .join('');
  return linkPage(
    'How did we do?',
    `<h1>How did we do?</h1>
    <p>${escaped(about.mspName)}, your request T-${about.number}: ${escaped(about.subject)}</p>
    <form method="post" data-clicked="${about.isClicked}">
      <fieldset><legend>Your answer</legend>${faces}</fieldset>
      <label for="comment"><strong>Anything to add?</strong> (you need not)</label>
      <textarea id="comment" name="comment" maxlength="2000">${escaped(about.comment)}</textarea>
      <p id="said" role="status"></p>
      <button>Send</button>
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
  said.textContent = answer?.ok ? 'Thank you, this is recorded. You may change it or add a few words.' : 'This did not arrive. Please press Send.';
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
