import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { de } from '../../packages/web/src/language/messages/de.ts';
import { en } from '../../packages/web/src/language/messages/en.ts';
import { es } from '../../packages/web/src/language/messages/es.ts';
import { fr } from '../../packages/web/src/language/messages/fr.ts';

const web = fileURLToPath(new URL('../../packages/web/src/', import.meta.url));
/** Attributes that a person reads or hears. */
const SPOKEN = new Set(['title', 'label', 'aria-label', 'placeholder', 'alt', 'lead', 'hint', 'name', 'fallback']);
/** `name` and `fallback` say things only where they hold a sentence or a capital. */
const isWords = (text: string): boolean => /\p{L}{2}/u.test(text) && /[\p{Lu}\s]/u.test(text.trim());

/** `text-title font-semibold`. */
const isClasses = (text: string): boolean => /^[a-z0-9:[\]/. -]+$/.test(text) && text.includes('-');

/** Whether a text is one of the choices of `{…}` between tags. */
function isShown(node: ts.Node): boolean {
  for (let up = node.parent; up !== undefined; up = up.parent) {
    if (ts.isJsxAttribute(up)) return false;
    if (ts.isJsxExpression(up)) return ts.isJsxElement(up.parent) || ts.isJsxFragment(up.parent);
  }
  return false;
}

/** Words that stand in a source instead of the catalogue, as `file:line words`. */
function wordsIn(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const say = (node: ts.Node, words: string): void => {
    found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${words.trim()}`);
  };
  const visit = (node: ts.Node): void => {
    // A PDF is a PDF in all of them.
    if (ts.isJsxText(node) && /\p{L}{2}/u.test(node.text) && node.text.trim() !== 'PDF') say(node, node.text);
    if (ts.isStringLiteralLike(node) && /\p{L},? \p{L}/u.test(node.text) && !isClasses(node.text) && isShown(node))
      say(node, node.text);
    if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText()) && node.initializer !== undefined) {
      const value = node.initializer;
      if (ts.isStringLiteral(value) && isWords(value.text)) say(node, value.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function portalSources(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.tsx'))
      .map((name) => join(folder, name));
  const signIn = inFolder('app/auth').filter((name) => /portal-/.test(name));
  return [...inFolder('portal'), ...inFolder('app/portal'), ...signIn];
}

function flat(messages: object, prefix = ''): Map<string, unknown> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) =>
      typeof value === 'object' && value !== null
        ? [...flat(value as object, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, value] as const],
    ),
  );
}

describe('the words of the portal', () => {
  it('stand in the catalogue and nowhere else', () => {
    const sources = portalSources();
    expect(sources.length).toBeGreaterThan(15);
    expect(sources.flatMap((name) => wordsIn(name, readFileSync(join(web, name), 'utf8')))).toEqual([]);
    expect(wordsIn('planted.tsx', 'const a = <p title="Your things">Hello {a ? "it was" : b}</p>;')).toHaveLength(3);
  });

  it('have the same gaps to fill in every language', () => {
    const gaps = (text: unknown) =>
      typeof text === 'string'
        ? [...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
            .map(([, name]) => name ?? '')
            .toSorted((a, b) => a.localeCompare(b))
        : [];
    const english = flat(en);
    for (const messages of [de, fr, es])
      for (const [key, text] of flat(messages)) {
        expect([key, gaps(text)]).toEqual([key, gaps(english.get(key))]);
        if (typeof text === 'string') expect(text.trim(), key).not.toBe('');
      }
  });
});
