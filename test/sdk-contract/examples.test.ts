import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept } from '@bailiwick/plugin-kit';
import type { PluginManifest } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';

const docs = fileURLToPath(new URL('../../docs/plugins', import.meta.url));
const examples = readdirSync(join(docs, 'examples'));
const kinds: readonly PluginManifest['kind'][] = [
  'accounting',
  'ai',
  'backup',
  'cloud',
  'endpoint',
  'monitoring',
  'notification',
  'saas',
];

/** Blocks of code that say which file they are from: `<!-- from path -->` on the line before. */
function quotesOf(page: string): { from: string; code: string }[] {
  const text = readFileSync(page, 'utf8');
  const found = text.matchAll(/^<!-- from (\S+) -->\n```\w+\n([\s\S]*?)\n```$/gm);
  return [...found].map(([, from = '', code = '']) => ({ from, code }));
}

it('has an example and a page for each kind of plugin', () => {
  expect(examples.toSorted()).toEqual(kinds);
  expect(readdirSync(join(docs, 'kinds')).toSorted()).toEqual(kinds.map((kind) => `${kind}.md`));
});

describe.each(examples)('the example of a plugin for %s', (kind) => {
  it('passes the acceptance kit', async () => {
    const { checks, tier } = await accept(join(docs, 'examples', kind));
    expect(checks.flatMap(({ outcome, name, reason }) => (outcome === 'fail' ? `${name}: ${reason}` : []))).toEqual([]);
    expect(['silver', 'gold']).toContain(tier);
  });

  it('is quoted as it is', () => {
    const quotes = quotesOf(join(docs, 'kinds', `${kind}.md`));
    expect(quotes.length).toBeGreaterThan(0);
    for (const { from, code } of quotes) expect(readFileSync(join(docs, 'kinds', from), 'utf8')).toContain(code);
  });

  it('is told in a page that quotes nothing else', () => {
    const page = readFileSync(join(docs, 'kinds', `${kind}.md`), 'utf8');
    const blocks = page.match(/^```(?:ts|json)$/gm) ?? [];
    expect(blocks).toHaveLength(quotesOf(join(docs, 'kinds', `${kind}.md`)).length);
  });
});
