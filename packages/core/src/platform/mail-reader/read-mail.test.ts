import { describe, expect, it } from 'vitest';
import { corpus, NOW, rawOf } from '../../../../../test/support/mail-corpus.ts';
import { readMail } from './read-mail.ts';

describe('readMail', () => {
  it('has at least 150 mails that are not made up by a loop', () => {
    expect(corpus.flatMap(({ mails }) => mails).length).toBeGreaterThanOrEqual(150);
  });

  describe.each(corpus)('$name', ({ mails }) => {
    it.each(mails)('$id: $why', (mail) => {
      expect(readMail(rawOf(mail), NOW)).toMatchObject(mail.expected);
    });
  });
});
