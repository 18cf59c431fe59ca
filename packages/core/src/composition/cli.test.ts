import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const input = JSON.stringify({
  policies: [{ id: 'gold', pauseStatuses: [], targets: [{ priority: 'p1', response: 'PT1H', calendar: '24x7' }] }],
  cases: ['one', 'two'].map((id) => ({
    id,
    policy: 'gold',
    asOf: '2026-03-02T09:15:00Z',
    events: [{ at: '2026-03-02T09:00:00Z', type: 'created', value: { priority: 'p1', status: 'new' } }],
  })),
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With settings that nothing could start with: an offline command must not read them. */
function run(words: string[], stdin = '') {
  const env = {
    PATH: process.env['PATH'],
    BAILIWICK_DATA_DIR: join(folder, 'data'),
    PORT: 'none',
    DATABASE_URL: 'none',
  };
  return spawnSync(process.execPath, [CLI, ...words], { input: stdin, encoding: 'utf8', env, cwd: folder });
}

describe('bailiwick sla replay', () => {
  it('answers a line a case, of a file and of standard input, without settings, database or data folder', () => {
    writeFileSync(join(folder, 'cases.json'), input);
    const ofFile = run(['sla', 'replay', 'cases.json']);
    const ofStdin = run(['sla', 'replay', '-'], input);
    expect(ofFile).toMatchObject({ status: 0, stderr: '' });
    expect(ofStdin).toMatchObject({ status: 0, stdout: ofFile.stdout });
    const lines = ofFile.stdout.trimEnd().split('\n');
    expect(lines.map((line) => Object.keys(JSON.parse(line) as object))).toEqual(
      Array.from({ length: 2 }, () => ['id', 'response', 'update', 'resolution']),
    );
    expect(JSON.parse(lines[1]!)).toMatchObject({
      id: 'two',
      response: { state: 'running', dueAt: '2026-03-02T10:00:00Z', consumed: 'PT15M', remaining: 'PT45M' },
      update: { state: 'none', cycles: [] },
    });
    expect(readdirSync(folder)).toEqual(['cases.json']);
  });

  it.each([
    ['bad input', ['sla', 'replay', '-'], /^cases: Invalid input: expected array, received number\n$/],
    ['a file that is not there', ['sla', 'replay', 'nowhere.json'], /^nowhere\.json cannot be read: .*\n$/],
    ['no file', ['sla', 'replay'], /^sla replay needs a file\.json: .*\n$/],
  ])('refuses %s in one line', (_what, words, message) => {
    const { status, stdout, stderr } = run(words, '{"cases": 3}');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('bailiwick mail parse', () => {
  it('answers with one JSON object, of a file and of standard input, whatever the bytes are', () => {
    const mail = 'From: Jo <jo@hartley.example>\r\nSubject: [#7] Printer\r\n\r\nIt is on fire.\r\n';
    writeFileSync(join(folder, 'mail.eml'), mail);
    const ofFile = run(['mail', 'parse', 'mail.eml']);
    const ofStdin = run(['mail', 'parse', '-'], mail);
    expect(ofFile).toMatchObject({ status: 0, stderr: '' });
    expect(ofStdin).toMatchObject({ status: 0, stdout: ofFile.stdout });
    const reading = JSON.parse(ofFile.stdout) as object;
    expect(Object.keys(reading)).toEqual(
      'messageId date from replyTo to cc subject text html attachments isAutoReply isBounce bounce threadKeys warnings why'.split(
        ' ',
      ),
    );
    expect(reading).toMatchObject({ from: { name: 'Jo' }, text: 'It is on fire.', threadKeys: { subjectTag: '7' } });
    const ofNoise = run(['mail', 'parse', '-'], '\0\x01 no mail at all');
    expect(ofNoise).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(ofNoise.stdout)).toMatchObject({ from: null, messageId: null });
  });

  it('refuses a file that cannot be read in one line', () => {
    const { status, stdout, stderr } = run(['mail', 'parse', 'nowhere.eml']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^nowhere\.eml cannot be read: .*\n$/);
  });
});
