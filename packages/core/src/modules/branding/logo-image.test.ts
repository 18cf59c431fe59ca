import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLogo } from './logo-image.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const png = (width: number, height: number): Buffer => {
  const head = hex('89504e470d0a1a0a 0000000d 49484452 00000000 00000000 0806000000');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};

describe('readLogo', () => {
  it.each([
    ['a PNG', png(200, 50), { type: 'image/png', width: 200, height: 50 }],
    [
      'a JPEG behind its comment',
      hex('ffd8 fffe0004 4142 ffc00011 08 0032 00c8 03 012200'),
      { type: 'image/jpeg', width: 200, height: 50 },
    ],
    [
      'a lossless WebP',
      hex('52494646 00000000 57454250 5650384c 00000000 2f c7400c00 0000000000'),
      { type: 'image/webp', width: 200, height: 50 },
    ],
    [
      'an extended WebP',
      hex('52494646 00000000 57454250 56503858 0a000000 00000000 c70000 310000'),
      { type: 'image/webp', width: 200, height: 50 },
    ],
  ])('reads %s', (_, bytes, image) => expect(readLogo(bytes)).toEqual(image));

  it.each([
    [
      'a drawing that could run',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      'PNG, JPEG',
    ],
    ['a GIF', Buffer.from('GIF89a'), 'PNG, JPEG'],
    ['nothing', Buffer.alloc(0), 'PNG, JPEG'],
    ['one that claims a huge canvas', png(60_000, 60_000), '2000 pixels'],
    ['a dot', png(1, 1), '16 pixels'],
    ['too much', Buffer.concat([png(100, 100), Buffer.alloc(262_144)]), '256 kB'],
  ])('refuses %s', (_, bytes, why) => expect(readLogo(bytes)).toContain(why));

  it('ends, whatever comes in', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'ffd8', '52494646'), fc.uint8Array({ maxLength: 80 }), (head, rest) => {
        const read = readLogo(Buffer.concat([hex(head), rest]));
        expect(['string', 'object']).toContain(typeof read);
      }),
    );
  });
});
