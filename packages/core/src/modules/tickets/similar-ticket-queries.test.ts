import { describe, expect, it } from 'vitest';
import { similarityQuery } from './similar-ticket-queries.ts';

describe('similarityQuery', () => {
  it.each([
    ['Printer on fire', "('printer':* & 'fire')"],
    ['VPN', "'vpn'"],
    ['Please help: the error', null],
    ['', null],
    ["x'); drop table ticket; --", "('ticket':* & 'table':*) | ('ticket':* & 'drop') | ('table':* & 'drop')"],
    ['a:* | b & !', null],
  ])('of %j is %j', (subject, query) => expect(similarityQuery(subject)).toBe(query));

  it('takes the five longest words of a long subject', () => {
    expect(similarityQuery('word '.repeat(40) + 'longest longer lengthy letters living list')?.split('|')).toHaveLength(
      10,
    );
  });
});
