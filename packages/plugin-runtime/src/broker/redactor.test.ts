import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';
import { scanForSecrets } from './secret-scan.ts';

const secret = 'p@ss/w"ö rd+=&1';

const forms: Readonly<Record<string, string>> = {
  plain: secret,
  'URL-encoded': encodeURIComponent(secret),
  'URL-encoded in lower case': encodeURIComponent(secret).toLowerCase(),
  'form-encoded': new URLSearchParams({ v: secret }).toString().slice(2),
  JSON: JSON.stringify({ v: secret }),
  'JSON with escaped slashes': JSON.stringify({ v: secret }).replaceAll('/', String.raw`\/`),
  'ASCII JSON': JSON.stringify({ v: secret }).replace('ö', String.raw`\u00f6`),
  HTML: 'p@ss/w&quot;ö rd+=&amp;1',
  base64: Buffer.from(secret).toString('base64'),
  'base64 after one byte': Buffer.from(`:${secret}`).toString('base64'),
  'base64 after two bytes, URL-safe': Buffer.from(`u:${secret}xyz`).toString('base64url'),
  hexadecimal: Buffer.from(secret).toString('hex'),
};

describe('Redactor', () => {
  for (const [name, form] of Object.entries(forms))
    it(`finds a secret that comes back as ${name}`, () => {
      const redactor = new Redactor([secret]);
      const clean = redactor.text(`before ${form} after`);
      expect(clean).toContain('[secret]');
      expect(clean).toMatch(/^before .*after$/);
      expect(redactor.appearsIn(clean)).toBe(false);
    });

  it('finds a secret inside a longer text of base64, wherever it begins', () => {
    const redactor = new Redactor(['correct-horse-battery']);
    for (const before of ['', 'a', 'ab', 'abc'])
      for (const after of ['', 'x', 'xy'])
        expect(redactor.text(btoa(`${before}correct-horse-battery${after}`))).toContain('[secret]');
  });

  it('replaces a short secret only as a whole word', () => {
    const redactor = new Redactor(['admin']);
    expect(redactor.text('"admin" administers')).toBe('"[secret]" administers');
  });

  it('takes secrets out of JSON, keys too', () => {
    const redactor = new Redactor(['s3cr3t-k3y']);
    expect(redactor.json({ 's3cr3t-k3y': ['x s3cr3t-k3y', 1, null] })).toEqual({ '[secret]': ['x [secret]', 1, null] });
  });

  it('gives back the same bytes where nothing is in them', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    expect(new Redactor(['s3cr3t-k3y', 'abc']).bytes(bytes)).toBe(bytes);
  });

  it('goes through 8 MiB with two thousand tokens in well under a second', () => {
    const redactor = new Redactor(Array.from({ length: 2000 }, (_, index) => `token-${index}-${'x'.repeat(40)}`));
    const body = Buffer.alloc(8 * 1024 * 1024, '{"id":12345,"name":"device of a client","tags":["a","b"]},');
    const start = performance.now();
    redactor.bytes(body);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('keeps what it was made with when old tokens are forgotten', () => {
    const redactor = new Redactor(['the-permanent-one']);
    for (let index = 0; index < 5500; index += 1) redactor.add(`token-number-${index}`);
    expect(redactor.text('the-permanent-one token-number-5499')).toBe('[secret] [secret]');
  });
});

describe('scanForSecrets', () => {
  it('knows common tokens, and texts too random to be words', () => {
    const text = `AKIAA2B3C4D5E6F7G2H3 eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc password=q9Zr4TfWx1KpV7mNc8YbL2sHd6JgE3uA https://u:pw@host/`;
    expect(scanForSecrets(text).map((finding) => finding.kind)).toEqual([
      'AWS access key',
      'JSON Web Token',
      'random text',
      'password in an address',
    ]);
  });

  it('leaves ids, digests and words alone', () => {
    const text = `0192f0c4-7a5b-7c1e-9a0b-123456789abc ${'a1'.repeat(32)} the-name-of-a-very-long-machine-of-a-client`;
    expect(scanForSecrets(text)).toEqual([]);
  });
});
