const STYLE = `
  :root { color-scheme: light dark; --line: #d5d7de; --accent: #4b4ac9; --soft: #ececfb; --muted: #5b5f6b }
  @media (prefers-color-scheme: dark) { :root { --line: #3a3d47; --accent: #a5a4f5; --soft: #26263f; --muted: #a4a8b4 } }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem }
  main { max-width: 34rem; margin: 0 auto }
  h1 { font-size: 1.5rem; line-height: 1.25 }
  p { color: var(--muted) }
  fieldset { border: 0; padding: 0; margin: 1.5rem 0; display: flex; gap: .5rem; flex-wrap: wrap }
  legend { padding: 0; margin-bottom: .5rem; font-weight: 600 }
  label.face { flex: 1 1 4.5rem; display: flex; flex-direction: column; align-items: center; gap: .25rem; padding: .75rem .25rem; border: 2px solid var(--line); border-radius: 12px; cursor: pointer }
  label.face:has(:checked) { border-color: var(--accent); background: var(--soft) }
  label.face:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px }
  label.face span { font-size: 2rem; line-height: 1 }
  input[type=radio] { position: absolute; opacity: 0 }
  textarea { box-sizing: border-box; width: 100%; min-height: 6rem; font: inherit; padding: .5rem; border: 1px solid var(--muted); border-radius: 8px; background: transparent; color: inherit }
  button { margin-top: 1rem; font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 0; border-radius: 8px; background: #4b4ac9; color: #fff; cursor: pointer }
  #said { min-height: 1.5rem; font-weight: 600; color: inherit }`;

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
  return page(
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

/** A page that only says something. */
export function sayingPage(title: string, text: string): string {
  return page(title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
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

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
