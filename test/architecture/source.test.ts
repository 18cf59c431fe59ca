import { describe, expect, it } from 'vitest';
import { readSource, sourceFiles } from './source-tree.ts';

const code = ['packages', 'scripts', 'test'].flatMap(sourceFiles).filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const texts = [...code, ...['docs', '.github', '.ci'].flatMap(sourceFiles)];

/** Lines of the files that match, as `file:line`, so that a failure says where to look. */
function linesMatching(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readSource(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );
}

describe('the source', () => {
  it('is found at all', () => {
    expect(code.length).toBeGreaterThan(100);
  });

  it('has files of at most 300 lines', () => {
    expect(code.filter((file) => readSource(file).trimEnd().split('\n').length > 300)).toEqual([]);
  });

  it('names files in kebab case, by what they own', () => {
    const name = /^(\d{8}T\d{6}Z-)?[a-z0-9]+(-[a-z0-9]+)*(\.(test|db\.test|config|d))?\.(ts|tsx|mjs)$/;
    const misnamed = code.filter((file) => {
      const base = file.split('/').at(-1) ?? '';
      return !name.test(base) || /^(utils?|common|shared|helpers?|misc)\.tsx?$/.test(base);
    });
    expect(misnamed).toEqual([]);
  });

  it('takes the time from the clock: Date is met only where an adapter must speak it', () => {
    const domain = code.filter((file) => /^packages\/.*\.tsx?$/.test(file) && !/\/platform\/|-adapter\.ts$/.test(file));
    expect(linesMatching(domain, /\bnew Date\(|\bDate\.(now|parse|UTC)\b/)).toEqual([]);
  });

  it('names no path of the machine that it was written on', () => {
    const allowed = /^test\/architecture\/source\.test\.ts$/;
    const files = texts.filter(
      (file) => !allowed.test(file) && /\.(ts|tsx|mjs|json|md|yml|yaml|css|html|sh)$/.test(file),
    );
    expect(linesMatching(files, /(^|[\s'"`(=])\/(work|home|root|Users)\/[a-z]/)).toEqual([]);
  });

  it('marks open points only as @NOTE or @TODO(#issue)', () => {
    const allowed = /^test\/architecture\/source\.test\.ts$/;
    const marked = code.filter((file) => !allowed.test(file));
    expect(linesMatching(marked, /\/\/.*\b(FIXME|XXX|HACK)\b|\bTODO\b(?!\(#\d+\))/)).toEqual([]);
  });
});
