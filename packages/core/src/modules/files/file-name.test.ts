import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypeOf } from './content-type.ts';
import { downloadName, originalName } from './file-name.ts';

describe('downloadName', () => {
  it.each([
    ['../../x', 'x'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['/etc/passwd', 'passwd'],
    ['C:\\a.txt', 'a.txt'],
    ['..', 'file'],
    ['', 'file'],
    ['  .hidden ', 'hidden'],
    ['a\0b\r\nc.txt', 'abc.txt'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['a"b<c>:d.txt', 'a_b_c__d.txt'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['Rechnung März 2026.pdf', 'Rechnung März 2026.pdf'],
    ['a\ud800b', 'a\ufffdb'],
  ])('makes %j harmless: %j', (name, expected) => expect(downloadName(name)).toBe(expected));

  it('keeps the ending of a long name', () => {
    expect(downloadName(`${'x'.repeat(400)}.pdf`)).toMatch(/^x{146}\.pdf$/);
  });

  it('never gives a path, a control or nothing, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = downloadName(name);
        expect(safe).not.toMatch(/[/\\\p{Cc}"]/u);
        expect(safe).not.toMatch(/^\.|^$/);
        expect(safe.length).toBeLessThanOrEqual(151);
        expect(() => encodeURIComponent(safe)).not.toThrow();
        expect(originalName(name)).not.toContain('\0');
      }),
    );
  });
});

describe('contentTypeOf', () => {
  it.each([
    ['a PDF that is called an image', '%PDF-1.7', 'a.png', 'application/pdf'],
    ['a page that is called text', '<!doctype html><script>', 'a.txt', 'application/octet-stream'],
    ['a drawing', '\n <svg onload="x">', 'a.svg', 'application/octet-stream'],
    ['a page behind a byte order mark', '\ufeff<html>', 'a.html', 'application/octet-stream'],
    ['text', 'Hello', 'a.log', 'text/plain'],
    ['a table', 'a,b', 'a.CSV', 'text/csv'],
    ['bytes', '\u0001\u0002', 'a.txt', 'application/octet-stream'],
    ['a document', 'PK\u0003\u0004', 'a.docx', ZIP('wordprocessingml.document')],
    ['an archive', 'PK\u0003\u0004', 'a.docm', 'application/zip'],
  ])('tells %s', (_, head, name, type) => expect(contentTypeOf(Buffer.from(head), name)).toBe(type));

  it('knows text whose head ends inside a character', () => {
    expect(contentTypeOf(Buffer.from('ä').subarray(0, 1), 'a.txt')).toBe('text/plain');
  });
});

function ZIP(kind: string): string {
  return `application/vnd.openxmlformats-officedocument.${kind}`;
}
