const STYLE = `
  :root { color-scheme: light dark; --line: #d5d7de; --accent: #4b4ac9; --soft: #ececfb; --muted: #5b5f6b }
  @media (prefers-color-scheme: dark) { :root { --line: #3a3d47; --accent: #a5a4f5; --soft: #26263f; --muted: #a4a8b4 } }
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem }
  main { max-width: 34rem; margin: 0 auto; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem; line-height: 1.25 }
  p { color: var(--muted) }
  p.words { color: inherit; white-space: pre-wrap }
  p.amount { color: inherit; font-weight: 600; font-size: 1.25rem }
  fieldset { border: 0; padding: 0; margin: 1.5rem 0; display: flex; gap: .5rem; flex-wrap: wrap }
  legend { padding: 0; margin-bottom: .5rem; font-weight: 600 }
  label.face { flex: 1 1 4.5rem; display: flex; flex-direction: column; align-items: center; gap: .25rem; padding: .75rem .25rem; border: 2px solid var(--line); border-radius: 12px; cursor: pointer }
  label.face:has(:checked) { border-color: var(--accent); background: var(--soft) }
  label.face:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px }
  label.face span { font-size: 2rem; line-height: 1 }
  input[type=radio] { position: absolute; opacity: 0 }
  textarea { box-sizing: border-box; width: 100%; min-height: 6rem; font: inherit; padding: .5rem; border: 1px solid var(--muted); border-radius: 8px; background: transparent; color: inherit }
  button { margin: 1rem .5rem 0 0; font: inherit; font-weight: 600; padding: .6rem 1.2rem; border: 2px solid #4b4ac9; border-radius: 8px; background: #4b4ac9; color: #fff; cursor: pointer }
  button.quiet { background: transparent; color: inherit; border-color: var(--muted) }
  button:focus-visible, textarea:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
  #said { min-height: 1.5rem; font-weight: 600; color: inherit }`;

/** A page behind the link of a mail. It loads nothing from anywhere; `body` is HTML, what others wrote in it `escaped`. */
export function linkPage(language: string, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

/** A page that only says something. */
export function sayingPage(language: string, title: string, text: string): string {
  return linkPage(language, title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
}

/** Text as HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
