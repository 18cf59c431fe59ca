import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from './source-tree.ts';

const tickets = 'packages/core/src/modules/tickets';
const faulty = `
import { sql } from 'kysely';
import { container } from 'tsyringe';
import { trail } from '../audit/audit-trail.ts';
export default async function late(a: any): Promise<number> {
  return new Date().getTime() + Number(a) + Number([sql, container, trail].length);
}
late(1);
`;

let folder = '';
let findings: readonly string[] = [];

/** `file: rule` of what the linter says about files written into a copy of this layout. */
function lint(files: Readonly<Record<string, string>>): string[] {
  for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json']) {
    cpSync(join(repositoryRoot, name), join(folder, name));
  }
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const program = join(repositoryRoot, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--type-aware', '--format', 'json', 'packages'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint gave no report: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  return diagnostics.map(({ filename, code }) => `${filename.split('/').at(-1)}: ${code}`);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-lint-'));
  findings = lint({
    [`${tickets}/close-ticket.ts`]: faulty,
    [`${tickets}/ticket-store.ts`]: faulty,
    [`${tickets}/tickets-module.ts`]: faulty,
    'packages/core/src/platform/mail-sources/some-source.ts': faulty,
    [`${tickets}/too-long.ts`]: 'export const line = 1;\n'.concat('// more\n'.repeat(300)),
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lint gate', () => {
  it.each([
    'eslint(no-restricted-globals)',
    'eslint(no-restricted-imports)',
    'import(no-default-export)',
    'import(no-relative-parent-imports)',
    'typescript(no-explicit-any)',
    'typescript(no-floating-promises)',
  ])('reports what is planted against %s', (rule) => {
    expect(findings).toContain(`close-ticket.ts: ${rule}`);
  });

  it('keeps Date out of adapters too', () => {
    expect(findings).toContain('some-source.ts: eslint(no-restricted-globals)');
  });

  it('reports a file of more than 300 lines', () => {
    expect(findings).toContain('too-long.ts: eslint(max-lines)');
  });

  it('lets a store write SQL and a module definition know the container, and nobody both', () => {
    const restricted = findings.filter((line) => line.endsWith('eslint(no-restricted-imports)')).toSorted();
    expect(restricted).toEqual([
      'close-ticket.ts: eslint(no-restricted-imports)',
      'close-ticket.ts: eslint(no-restricted-imports)',
      'some-source.ts: eslint(no-restricted-imports)',
      'ticket-store.ts: eslint(no-restricted-imports)',
      'tickets-module.ts: eslint(no-restricted-imports)',
    ]);
  });
});
