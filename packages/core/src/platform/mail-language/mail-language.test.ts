import { describe, expect, it } from 'vitest';
import { splitText } from '../mail-reader/words/split-text.ts';
import { MAIL_MESSAGES, mailWordsFor } from './mail-language.ts';

/** Each message by its name, its gaps filled in. */
function sayings(messages: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]: [string, unknown]): [string, string][] => {
      const name = `${prefix}${key}`;
      if (typeof value === 'function') {
        const gaps = Array.from({ length: value.length }, (_, place) => `<${place}>`);
        return [[name, String(Reflect.apply(value, undefined, gaps))]];
      }
      if (typeof value === 'object' && value !== null) return [...sayings(value, `${name}.`)];
      return [[name, String(value)]];
    }),
  );
}

const english = sayings(MAIL_MESSAGES.en);
/** What is the same word in both. */
const SHARED = new Set(['fr portal.minutes', 'fr rating.faces.4']);

describe('the words of our mails', () => {
  it.each(['de', 'fr', 'es'] as const)('are all there in %s, with the same gaps, and are not English', (language) => {
    const other = sayings(MAIL_MESSAGES[language]);
    expect([...other.keys()]).toEqual([...english.keys()]);
    const gapsOf = (text: string | undefined) => [...(text ?? '').matchAll(/<\d>/g)].map(String).toSorted();
    for (const [name, text] of other) {
      expect(`${name} ${gapsOf(text).join('')}`).toBe(`${name} ${gapsOf(english.get(name)).join('')}`);
      expect(text.trim()).not.toBe('');
      if (!SHARED.has(`${language} ${name}`)) expect(`${name}: ${text}`).not.toBe(`${name}: ${english.get(name)}`);
    }
  });

  it.each(['en', 'de', 'fr', 'es'] as const)('head a quotation in %s so that it is folded away', (language) => {
    const { say, locale } = mailWordsFor(language, 'en-GB');
    const at = Temporal.ZonedDateTime.from('2026-11-05T14:05[Europe/Berlin]');
    const day = at.toLocaleString(locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
    const head = say.ticket.wrote(day, at.toLocaleString(locale, { hour: '2-digit', minute: '2-digit' }), 'Jo Hartley');
    const { visible, folded } = splitText(`Thanks.\n\n${head}\n> It smokes.\n> Badly.`, { isForward: false });
    expect(visible.trim()).toBe('Thanks.');
    expect(folded).toContain('It smokes.');
  });
});

describe('mailWordsFor', () => {
  it.each([
    ['de', 'en-US', 'de', 'de-DE'],
    [null, 'fr-FR', 'fr', 'fr-FR'],
    [null, 'nl-NL', 'en', 'en-GB'],
    ['en', 'en-US', 'en', 'en-US'],
    ['es', 'de-DE', 'es', 'es-ES'],
    ['constructor', 'de-DE', 'de', 'de-DE'],
  ] as const)('for %s at an MSP with %s is %s, in %s', (language, mspLocale, expected, locale) => {
    expect(mailWordsFor(language, mspLocale)).toEqual({ say: MAIL_MESSAGES[expected], language: expected, locale });
  });
});
