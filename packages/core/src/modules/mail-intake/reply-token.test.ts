import { describe, expect, it } from 'vitest';
import type { MspId } from '../../kernel/id.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { isReplyTokenOf, replyTokenOf, writtenToken } from './reply-token.ts';

const key = Buffer.alloc(32, 1);
const msp = 'm' as MspId;
const ticket = { id: 't' as TicketId, number: 1042 };

describe('replyTokenOf', () => {
  it('makes a token that only this ticket of this MSP has, in letters that survive an address', () => {
    const token = replyTokenOf(key, msp, ticket);
    expect(token).toMatch(/^t1042-[a-z2-7]{20}$/);
    expect(isReplyTokenOf(key, msp, ticket, token.toUpperCase())).toBe(true);
    expect(isReplyTokenOf(key, 'other' as MspId, ticket, token)).toBe(false);
    expect(isReplyTokenOf(key, msp, { ...ticket, id: 'u' as TicketId }, token)).toBe(false);
    expect(isReplyTokenOf(Buffer.alloc(32, 2), msp, ticket, token)).toBe(false);
    expect(isReplyTokenOf(key, msp, ticket, token.slice(0, -1))).toBe(false);
  });

  it('is found in an address and in a Message-ID, and nowhere else', () => {
    const token = replyTokenOf(key, msp, ticket);
    expect(writtenToken(token)).toEqual({ number: 1042, text: token });
    expect(writtenToken(`<0190.${token}@msp.example>`)).toEqual({ number: 1042, text: token });
    for (const other of ['newsletter2026', 't1042', `${token}x`, `<${token}@x>`, ''])
      expect(writtenToken(other)).toBeNull();
  });
});
