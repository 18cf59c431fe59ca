import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MspId } from '#kernel/id';
import type { TicketId } from '#modules/tickets';

/** RFC 4648 §6 in lower case: a server on the way may change the case of an address. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
/** 100 bits: nobody guesses one, and an address with it stays under the 64 characters before the @. */
const LETTERS = 20;
const TOKEN = /^t(\d{1,10})-([a-z2-7]{20})$/;
const IN_MESSAGE_ID = /^<[^<>@\s]{1,100}\.(t\d{1,10}-[a-z2-7]{20})@/i;

/** A token as it is written, before anybody knows whether it is ours. */
export interface WrittenToken {
  readonly number: number;
  readonly text: string;
}

/** The token that a ticket's mails carry: `t1042-k3j4…`. Who sends it back saw one of them, or had it from somebody who did; it proves no sender. */
export function replyTokenOf(key: Buffer, mspId: MspId, ticket: { id: TicketId; number: number }): string {
  const digest = createHmac('sha256', key).update(`${mspId} ${ticket.id}`).digest();
  let letters = '';
  for (let bit = 0; letters.length < LETTERS; bit += 5) {
    const pair = ((digest[bit >> 3] ?? 0) << 8) | (digest[(bit >> 3) + 1] ?? 0);
    letters += ALPHABET[(pair >> (11 - (bit & 7))) & 31] ?? '';
  }
  return `t${ticket.number}-${letters}`;
}

/** True only for the ticket's own token. */
export function isReplyTokenOf(
  key: Buffer,
  mspId: MspId,
  ticket: { id: TicketId; number: number },
  text: string,
): boolean {
  const own = Buffer.from(replyTokenOf(key, mspId, ticket));
  const given = Buffer.from(text.toLowerCase());
  return own.length === given.length && timingSafeEqual(own, given);
}

/** A token by its form, from a plus-address or from the middle of a `Message-ID`; null where it has another form. */
export function writtenToken(text: string): WrittenToken | null {
  const plain = (IN_MESSAGE_ID.exec(text)?.[1] ?? text).toLowerCase();
  const number = TOKEN.exec(plain)?.[1];
  return number === undefined ? null : { number: Number(number), text: plain };
}
