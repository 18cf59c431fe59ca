import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readSource, repositoryRoot, sourceFiles } from './source-tree.ts';

const documents = [
  'README.md',
  ...['docs', 'packages'].flatMap(sourceFiles).filter((file) => file.endsWith('.md') && !file.includes('/template/')),
];

/** Headings as the pages that show Markdown make anchors of them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Links of a document that lead nowhere; those to the outside are not looked at. */
function deadLinks(file: string): string[] {
  const text = readSource(file).replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([, path = '', anchor]) => {
    if (/^(?:https?|mailto):/.test(path)) return [];
    const target = path === '' ? file : join(dirname(file), path);
    if (!existsSync(join(repositoryRoot, target))) return [`${file}: ${path}`];
    const isThere = anchor === undefined || anchorsOf(readSource(target)).includes(anchor);
    return isThere ? [] : [`${file}: ${path}#${anchor}`];
  });
}

it('links in documents lead to something', () => {
  expect(documents.length).toBeGreaterThan(20);
  expect(documents.flatMap(deadLinks)).toEqual([]);
});

it('the threat model names tests that are there', () => {
  const tests = ['packages', 'test'].flatMap(sourceFiles).filter((file) => file.endsWith('.test.ts'));
  const named = [...readSource('docs/THREAT_MODEL.md').matchAll(/`(?:runtime\/|core\/)?([\w/.-]+\.test\.ts)`/g)];
  expect(named.length).toBeGreaterThan(40);
  expect(
    named.map(([, path]) => path).filter((path) => !tests.some((file) => `/${file}`.endsWith(`/${path}`))),
  ).toEqual([]);
});
