import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readMailContent } from '../mail-content.ts';
import { splitText } from './split-text.ts';

interface Vector {
  readonly id: string;
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  readonly visible: string;
  /** Pieces of what is folded, in their order; null where nothing is. */
  readonly folded: readonly string[] | null;
}

const vectors = JSON.parse(readFileSync(new URL('split-words.json', import.meta.url), 'utf8')) as Vector[];
const NOW = Temporal.Instant.from('2026-03-02T12:00:00Z');

function contentOf({ subject = 'Re: x', text, html }: Pick<Vector, 'subject' | 'text' | 'html'>) {
  const type = html === undefined ? 'plain' : 'html';
  const raw = `From: a@b.c\r\nSubject: ${subject}\r\nContent-Type: text/${type}; charset=utf-8\r\n\r\n${html ?? text ?? ''}`;
  return readMailContent(Buffer.from(raw), NOW);
}

describe('readMailContent', () => {
  it.each(vectors)('$id', (vector) => {
    const { body, foldedText, html, foldedHtml } = contentOf(vector);
    expect(body).toBe(vector.visible);
    if (vector.folded === null) expect(foldedText).toBeNull();
    let from = 0;
    for (const piece of vector.folded ?? []) {
      const at = foldedText?.indexOf(piece, from) ?? -1;
      expect(at, `${piece} in ${foldedText}`).toBeGreaterThanOrEqual(from);
      from = at + piece.length;
    }
    expect(`${html}${foldedHtml}`).not.toContain('data-mark');
  });

  it('opens files on demand: encoded, uuencoded and images within the HTML', () => {
    const uu = contentOf({ text: 'See\nbegin 644 cat.txt\n#0V%T\n`\nend\n' });
    expect(uu.files.map(({ name, open }) => [name, Buffer.from(open()).toString()])).toEqual([['cat.txt', 'Cat']]);
    const image = contentOf({ html: '<img src="data:image/png;base64,aGk=">' });
    expect(image.html).toContain('src="cid:data-image-1@bailiwick.invalid"');
    expect(Buffer.from(image.files[0]?.open() ?? []).toString()).toBe('hi');
  });
});

describe('splitText', () => {
  it('puts each line on exactly one side, whatever the mail', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '> quoted',
        '-- ',
        'On 2 Mar 2026, A <a@b.c> wrote:',
        'From: x',
        'Sent: y',
        'To: z',
        'Sent from my iPhone',
        '-----Original Message-----',
      ),
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/\s+/g, '_')),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 25 }), fc.boolean(), (lines, isForward) => {
        const { visible, folded } = splitText(lines.join('\n'), { isForward });
        const words = (text: string): string[] =>
          text
            .split('\n')
            .map((one) => one.trim())
            .filter((one) => one !== '')
            .toSorted();
        expect(words(`${visible}\n${folded ?? ''}`)).toEqual(words(lines.join('\n')));
        if (lines.some((one) => one.trim() !== '')) expect(visible.trim()).not.toBe('');
      }),
    );
  });
});
