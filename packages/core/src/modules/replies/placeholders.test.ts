import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRichText } from '#platform/rich-text/rich-text';
import { assertPlaceholders, fillPlaceholders, firstNameOf, PLACEHOLDERS } from './placeholders.ts';

describe('placeholders', () => {
  it.each([
    '{{constructor}}',
    '{{__proto__}}',
    '{{toString}}',
    '{{contact}}',
    '{{contact.firstName.length}}',
    '{{ticket["number"]}}',
    '{{contact.<b>firstName</b>}}',
    '{{',
    'x }} y',
    '{{}}',
    `{{${'x'.repeat(100)}}}`,
  ])('refuse %j when a text is kept', (html) => {
    expect(() => assertPlaceholders(`<p>${html}</p>`, 'html')).toThrow(
      expect.objectContaining({ code: 'replies.unknown-placeholder' }),
    );
  });

  it('take all that there are, with room around them', () => {
    for (const name of PLACEHOLDERS.keys()) assertPlaceholders(`<p>{{${name}}} {{ ${name} }}</p>`, 'html');
  });

  it('put values in as text and say which are missing', () => {
    const values = new Map([
      ['contact.firstName', '<img src=x onerror=alert(1)>'],
      ['client.name', '{{agent.name}}'],
      ['agent.name', null],
    ]);
    expect(
      fillPlaceholders('<p>{{contact.firstName}} {{client.name}} {{ agent.name }} {{msp.name}}</p>', values),
    ).toEqual({
      html: '<p>&lt;img src=x onerror=alert(1)&gt; {{agent.name}} {{ agent.name }} {{msp.name}}</p>',
      missing: ['agent.name', 'msp.name'],
    });
  });

  it('never let a value become markup, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const { html } = fillPlaceholders('<p>{{ticket.subject}}</p>', new Map([['ticket.subject', value]]));
        expect(html.replaceAll(/^<p>|<\/p>$/g, '')).not.toMatch(/[<>]/);
        expect(makeRichText(html).html.match(/<[a-z]+/g)).toEqual(['<p']);
      }),
    );
  });
});

describe('firstNameOf', () => {
  it.each([
    ['Ada Lovelace', 'Ada'],
    [' Ada ', 'Ada'],
    ['', ''],
    [null, null],
  ])('of %j is %j', (name, first) => expect(firstNameOf(name)).toBe(first));
});
