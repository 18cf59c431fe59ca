import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '../../kernel/id.ts';
import type { ContactId } from '../tenancy/tenancy-table.ts';
import type { TicketId } from '../tickets/ticket-table.ts';
import { decidePlacing, MAX_MAILS_AN_HOUR, type PlacingFacts, type TicketClaim } from './decide-placing.ts';

const A = 'client-a' as ClientId;
const B = 'client-b' as ClientId;
const T = 'ticket' as TicketId;
const joOf = (clientId: ClientId) => ({ id: `jo-${clientId}` as ContactId, clientId });
const claim = (by: TicketClaim['by'], clientId = A): TicketClaim => ({ by, ticketId: T, number: 7, clientId });

const person: PlacingFacts = {
  sender: 'jo@a.example',
  verdict: { verdict: 'passed', why: 'Checked.' },
  isOurs: false,
  isFromOwnAddress: false,
  isAutomatic: false,
  isAutomaticAnswer: false,
  isBounce: false,
  isTooLarge: false,
  bounced: null,
  claims: [],
  falseToken: null,
  contacts: [joOf(A)],
  domainClients: [],
  mailboxClient: null,
  archived: new Set(),
  isMailedWatcher: () => false,
  recentOnTicket: () => 0,
};
const stranger = { contacts: [], sender: 'x@nowhere.example' };

const VECTORS: readonly (readonly [string, Partial<PlacingFacts>, object])[] = [
  ['a contact of one client opens', {}, { kind: 'open', clientId: A, sender: { contactId: 'jo-client-a' } }],
  ['a contact answers by token', { claims: [claim('token')] }, { kind: 'reply', ticketId: T }],
  ['a contact answers by tag', { claims: [claim('tag')] }, { kind: 'reply', ticketId: T }],
  [
    'the ticket says for which client somebody of two writes',
    { contacts: [joOf(B), joOf(A)], claims: [claim('references')] },
    { kind: 'reply', sender: { contactId: 'jo-client-a' } },
  ],
  [
    'somebody of two clients is asked for',
    { contacts: [joOf(A), joOf(B)] },
    { kind: 'quarantine', reason: 'several-clients', clientIds: [A, B] },
  ],
  [
    'a mailbox of one client does not decide for somebody of two',
    { contacts: [joOf(A), joOf(B)], mailboxClient: A },
    { kind: 'quarantine', reason: 'several-clients' },
  ],
  [
    'a domain of one client makes a contact',
    { ...stranger, domainClients: [A] },
    { kind: 'open', sender: { newContactOf: A } },
  ],
  [
    'a domain of two clients is asked for',
    { ...stranger, domainClients: [A, B] },
    { kind: 'quarantine', reason: 'several-clients' },
  ],
  [
    'somebody new at the client’s domain answers',
    { ...stranger, domainClients: [A], claims: [claim('token')] },
    { kind: 'reply', sender: { newContactOf: A } },
  ],
  ['a stranger is asked about', stranger, { kind: 'quarantine', reason: 'unknown-sender', ticketId: null }],
  [
    'a stranger with a token is asked about',
    { ...stranger, claims: [claim('token')] },
    { kind: 'quarantine', reason: 'unknown-sender', ticketId: T },
  ],
  [
    'a stranger at a client’s own mailbox opens',
    { ...stranger, mailboxClient: B },
    { kind: 'open', clientId: B, sender: { newContactOf: B } },
  ],
  [
    'another client’s token',
    { claims: [claim('token', B)] },
    { kind: 'quarantine', reason: 'other-client', ticketId: T },
  ],
  ['another client’s tag', { claims: [claim('tag', B)] }, { kind: 'quarantine', reason: 'other-client' }],
  [
    'another client’s domain and token',
    { ...stranger, domainClients: [B], claims: [claim('token')] },
    { kind: 'quarantine', reason: 'other-client' },
  ],
  [
    'a false token of another client’s ticket',
    { falseToken: { number: 9, clientId: B } },
    { kind: 'quarantine', reason: 'other-client', ticketId: null },
  ],
  [
    'a false token of the own client’s ticket counts for nothing',
    { falseToken: { number: 9, clientId: A } },
    { kind: 'open', clientId: A },
  ],
  [
    'a spoofed contact',
    { verdict: { verdict: 'failed', why: 'DMARC.' }, claims: [claim('token')] },
    { kind: 'quarantine', reason: 'spoofed' },
  ],
  ['nobody looked at the sender', { verdict: { verdict: 'unknown', why: '' } }, { kind: 'open' }],
  ['a mail without a sender', { sender: null, contacts: [] }, { kind: 'quarantine', reason: 'no-sender' }],
  ['a mail in our own name', { isFromOwnAddress: true }, { kind: 'quarantine', reason: 'own-address' }],
  ['our own mail', { isOurs: true, isFromOwnAddress: true }, { kind: 'ignore' }],
  [
    'a mail of which only the header was read',
    { isTooLarge: true },
    { kind: 'quarantine', reason: 'too-large', clientIds: [A] },
  ],
  ['an archived client', { archived: new Set([A]) }, { kind: 'quarantine', reason: 'archived-client' }],
  [
    'a ticket of an archived client',
    { archived: new Set([A]), claims: [claim('token')] },
    { kind: 'quarantine', reason: 'archived-client' },
  ],
  [
    'an absence notice on a ticket',
    { isAutomatic: true, isAutomaticAnswer: true, claims: [claim('in-reply-to')] },
    { kind: 'record', what: 'automatic' },
  ],
  [
    'an absence notice of a vendor on a ticket',
    { ...stranger, isAutomatic: true, isAutomaticAnswer: true, claims: [claim('token')] },
    { kind: 'record', what: 'automatic' },
  ],
  ['an absence notice about nothing', { isAutomatic: true, isAutomaticAnswer: true }, { kind: 'ignore' }],
  ['a monitoring system’s alert', { isAutomatic: true }, { kind: 'open' }],
  [
    'a bounce of ours',
    { isBounce: true, isAutomatic: true, sender: null, bounced: { ticketId: T, clientId: A, number: 7 } },
    { kind: 'record', what: 'bounce' },
  ],
  ['a bounce of somebody else’s', { isBounce: true, isAutomatic: true, sender: null }, { kind: 'ignore' }],
  [
    'a watcher whom staff chose',
    { ...stranger, claims: [claim('token')], isMailedWatcher: () => true },
    { kind: 'record', what: 'watcher' },
  ],
  ['a loop', { claims: [claim('token')], recentOnTicket: () => MAX_MAILS_AN_HOUR }, { kind: 'record', what: 'loop' }],
];

describe('decidePlacing', () => {
  it.each(VECTORS)('%s', (_, change, expected) => {
    expect(decidePlacing({ ...person, ...change })).toMatchObject(expected);
  });

  it('never puts a mail onto a ticket of a client that the sender is not of, nor in a spoofed sender’s name', () => {
    const clients = fc.subarray([A, B]);
    const facts = fc.record({
      contacts: clients.map((list) => list.map(joOf)),
      domainClients: clients,
      claims: fc.array(
        fc.record({
          by: fc.constantFrom('token', 'in-reply-to', 'references', 'tag'),
          clientId: fc.constantFrom(A, B),
        }),
        { maxLength: 3 },
      ),
      verdict: fc.constantFrom('passed', 'failed', 'unknown'),
      isAutomatic: fc.boolean(),
      isAutomaticAnswer: fc.boolean(),
      mailboxClient: fc.constantFrom(null, A, B),
    });
    fc.assert(
      fc.property(facts, ({ claims, verdict, ...rest }) => {
        const given: PlacingFacts = {
          ...person,
          ...rest,
          verdict: { verdict, why: '' } as PlacingFacts['verdict'],
          claims: claims.map(({ by, clientId }) => claim(by as TicketClaim['by'], clientId)),
        };
        const placing = decidePlacing(given);
        if (placing.kind !== 'reply' && placing.kind !== 'open') return;
        expect(verdict).not.toBe('failed');
        const own = new Set<string>([
          ...given.contacts.map((one) => one.clientId),
          ...given.domainClients,
          ...(given.mailboxClient === null ? [] : [given.mailboxClient]),
        ]);
        expect(own).toContain(placing.clientId);
        if ('contactId' in placing.sender)
          expect(given.contacts).toContainEqual({ id: placing.sender.contactId, clientId: placing.clientId });
      }),
    );
  });
});
