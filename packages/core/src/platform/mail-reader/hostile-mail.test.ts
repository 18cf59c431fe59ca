import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MailMutator } from '../../../../../test/support/mail-mutator.ts';
import { NOW } from '../../../../../test/support/mail-corpus.ts';
import { readMail } from './read-mail.ts';

const MB = 1024 * 1024;
/** A hang is a second on an idle machine; tests share theirs. */
const HANG_MS = 3000;
const HEADER = 'From: a@b.example\r\nSubject: x\r\nMessage-ID: <a@b>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n';
const MIXED = `${HEADER}Content-Type: multipart/mixed; boundary=b\r\n\r\n`;
const HTML = `${HEADER}Content-Type: text/html\r\n\r\n`;

function fill(piece: string, bytes = 25_000_000): string {
  return piece.repeat(Math.ceil(bytes / piece.length));
}

function read(text: string) {
  const startMs = performance.now();
  const reading = readMail(Buffer.from(text, 'latin1'), NOW);
  return { reading, ms: performance.now() - startMs };
}

describe('readMail', () => {
  it.each<[string, () => string, Record<string, unknown>, RegExp]>([
    [
      'a subject of 100 kB',
      () => `${HEADER.replace(': x', `: ${'x'.repeat(100_000)}`)}\r\n`,
      {},
      /^The Subject has 100000 /,
    ],
    [
      '5,000 recipients',
      () =>
        `To: ${Array.from({ length: 5000 }, (_, n) => `U ${n} <u${n}@x.example>`).join(',\r\n ')}\r\n${HEADER}\r\nhi`,
      { text: 'hi' },
      /^To names 5000 addresses; the first 1000 are read\.$/,
    ],
    [
      'a mail of 60 MB',
      () => MIXED + fill('xxxxxxxx\r\n', 60_000_000),
      { subject: 'x', text: '', attachments: [], from: { address: 'a@b.example' } },
      /^The mail has 600\d+ bytes, more than .*only its header is read\.$/,
    ],
    [
      '100,000 header lines',
      () => `${HEADER}${'X-A: b\r\n'.repeat(100_000)}\r\nbody`,
      { text: 'body' },
      /^The header is longer/,
    ],
    ['a million parts', () => MIXED + '--b\r\n\r\nx\r\n'.repeat(1_000_000), {}, /^The mail has more than 1000 parts/],
    [
      'parts 100,000 deep',
      () =>
        HEADER +
        Array.from(
          { length: 100_000 },
          (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`,
        ).join(''),
      {},
      /^Parts lie more than 30 deep/,
    ],
    [
      'boundaries without end',
      () => MIXED + fill('--\n'),
      {},
      /^The mail has too many lines that look like boundaries/,
    ],
    ['a header folded for ever', () => `${HEADER}X-A: b\r\n${fill(' x\r\n')}`, {}, /^The header is longer/],
    [
      'a References of 100,000 ids',
      () =>
        `References: ${'<a@b> <c@d> '.repeat(1)}${Array.from({ length: 50_000 }, (_, n) => `<${n}@x>`).join(' ')}\r\n${HEADER}\r\n`,
      {},
      /^References names 50002 mails/,
    ],
    ['elements that are never closed', () => HTML + fill('<b></i>'), {}, /^The HTML is too long or too deep/],
    ['less-than signs', () => HTML + fill('<'), { text: '<'.repeat(100_000) }, /^The HTML is too long or too deep/],
    ['entities', () => HTML + fill('&amp;'), { text: '&'.repeat(100_000) }, /^The HTML is too long or too deep/],
    ['links', () => HTML + fill('<a href="http://x.example/">x</a>'), {}, /^The HTML is too long or too deep/],
    ['quotations in quotations', () => HTML + fill('<blockquote>x'), {}, /^The HTML is too long or too deep/],
    [
      'lines of preformatted text',
      () => `${HTML}<pre>${fill('x\n')}`,
      { text: `${'x\n'.repeat(49_999)}x` },
      /^The HTML is too long or too deep/,
    ],
    [
      'many long texts',
      () => MIXED + `--b\r\n\r\n${fill('abcdefg\n', 2 * MB)}\r\n`.repeat(10),
      {},
      /^The text is longer than 3 MB/,
    ],
    [
      'short shifts of UTF-7',
      () => `${HEADER}Content-Type: text/plain; charset=utf-7\r\n\r\n${fill('+AOQ-')}`,
      {},
      /^The text is longer/,
    ],
    [
      'lines that flow for ever',
      () => `${HEADER}Content-Type: text/plain; format=flowed\r\n\r\n${fill('a \r\n')}`,
      {},
      /^The text is longer/,
    ],
    ['beginnings of uuencoded files', () => `${HEADER}\r\n${fill('begin 644 a\n')}end\n`, {}, /^The text is longer/],
    [
      'unended brackets and quotes',
      () => `To: ${'<'.repeat(300_000)}\r\nCc: ${'"('.repeat(200_000)}\r\n${HEADER}\r\n`,
      {},
      /^Cc has a quotation/,
    ],
  ])('gets over %s within a second', (_what, build, expected, warning) => {
    const { reading, ms } = read(build());
    expect(ms).toBeLessThan(HANG_MS);
    expect(reading).toMatchObject(expected);
    expect(reading.warnings).toContainEqual(expect.stringMatching(warning));
  });

  it('gets over 3,000 mutations of the corpus, always with an answer of the same shape', () => {
    const mutator = new MailMutator(20_260_302);
    for (let round = 0; round < 3000; round += 1) mutator.tryOne();
    expect(mutator.failures).toEqual([]);
  });
});

describe('bailiwick mail parse of 25 MB', () => {
  it.each([
    [
      'a file in base64',
      `${'QUJD'.repeat(19)}\r\n`,
      'Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64',
    ],
    ['text', 'hello world this is text\r\n', 'Content-Type: text/plain; charset=utf-8'],
    ['HTML', '<p>hello <b>world</b>, this is text</p>\r\n', 'Content-Type: text/html; charset=utf-8'],
  ])('takes less than 200 MB as %s', (_what, line, header) => {
    const folder = mkdtempSync(join(tmpdir(), 'bailiwick-mail-'));
    try {
      const file = join(folder, 'large.eml');
      writeFileSync(file, `${MIXED}--b\r\n\r\nSee file.\r\n--b\r\n${header}\r\n\r\n${fill(line, 25 * MB)}--b--\r\n`);
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--import', `data:text/javascript,${encodeURIComponent(TELL_PEAK)}`, CLI, 'mail', 'parse', file],
        { encoding: 'utf8', maxBuffer: 64 * MB },
      );
      expect(status).toBe(0);
      expect((JSON.parse(stdout) as { text: string }).text).toMatch(/^See file\./);
      expect(Number(stderr) / 1024).toBeLessThan(200);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const CLI = fileURLToPath(new URL('../../composition/cli.ts', import.meta.url));
/** Kilobytes, on standard error. */
const TELL_PEAK = 'process.on("exit", () => process.stderr.write(String(process.resourceUsage().maxRSS)))';
