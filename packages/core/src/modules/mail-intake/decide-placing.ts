import type { ClientId } from '#kernel/id';
import type { ContactId } from '#modules/tenancy';
import type { TicketId } from '#modules/tickets';
import type { SenderVerdict } from './sender-authentication.ts';

/** A ticket that something in the mail leads to. */
export interface TicketClaim {
  /** The surest first: a token or an id of ours is known only to who got a mail of the ticket; a number anybody can write. */
  readonly by: 'token' | 'in-reply-to' | 'references' | 'tag';
  readonly ticketId: TicketId;
  readonly number: number;
  readonly clientId: ClientId;
}

/** All that the placing of a mail depends on. */
export interface PlacingFacts {
  /** In lower case; null where the mail names nobody. */
  readonly sender: string | null;
  readonly verdict: SenderVerdict;
  /** The mail is one that we sent ourselves, by its `Message-ID`. */
  readonly isOurs: boolean;
  /** It says that it comes from one of our own mailboxes. */
  readonly isFromOwnAddress: boolean;
  readonly isAutomatic: boolean;
  /** An automatic mail that answers another, such as an absence notice; a monitoring system's is none. */
  readonly isAutomaticAnswer: boolean;
  readonly isBounce: boolean;
  /** Only its header was read. */
  readonly isTooLarge: boolean;
  /** The ticket whose mail came back. */
  readonly bounced: { readonly ticketId: TicketId; readonly clientId: ClientId; readonly number: number } | null;
  readonly claims: readonly TicketClaim[];
  /** The ticket of a token that is written like ours and is not the ticket's own. */
  readonly falseToken: { readonly number: number; readonly clientId: ClientId } | null;
  /** Active contacts with exactly this address. */
  readonly contacts: readonly { readonly id: ContactId; readonly clientId: ClientId }[];
  /** Clients that have the sender's domain, where it is nobody else's. */
  readonly domainClients: readonly ClientId[];
  /** Whose a mail to this mailbox is where nothing else tells. */
  readonly mailboxClient: ClientId | null;
  /** Clients among the above that are archived, and so are not served. */
  readonly archived: ReadonlySet<ClientId>;
  /** Somebody who is no contact, and whom staff let read along. */
  readonly isMailedWatcher: (ticketId: TicketId) => boolean;
  /** How many mails this sender sent to the ticket in the last hour. */
  readonly recentOnTicket: (ticketId: TicketId) => number;
}

export type QuarantineReason =
  | 'no-sender'
  | 'own-address'
  | 'spoofed'
  | 'other-client'
  | 'several-clients'
  | 'unknown-sender'
  | 'archived-client'
  | 'too-large'
  | 'not-readable';

/** Who a message is of: a contact, or somebody at a client's domain who becomes one. */
export type PlacedSender = { readonly contactId: ContactId } | { readonly newContactOf: ClientId };

/** What becomes of a mail; `why` ends in the step that decided. */
export type Placing = { readonly why: readonly string[] } & (
  | { readonly kind: 'reply'; readonly ticketId: TicketId; readonly clientId: ClientId; readonly sender: PlacedSender }
  | { readonly kind: 'open'; readonly clientId: ClientId; readonly sender: PlacedSender }
  | {
      readonly kind: 'record';
      readonly what: 'automatic' | 'bounce' | 'loop' | 'watcher';
      readonly ticketId: TicketId;
      readonly clientId: ClientId;
    }
  | {
      readonly kind: 'quarantine';
      readonly reason: QuarantineReason;
      readonly clientIds: readonly ClientId[];
      readonly ticketId: TicketId | null;
    }
  | { readonly kind: 'ignore' }
);

/** More than a person writes on one ticket in an hour; two programs that answer each other come to it in minutes. */
export const MAX_MAILS_AN_HOUR = 30;

const BY = {
  token: 'its reply token',
  'in-reply-to': 'the mail that it answers (In-Reply-To)',
  references: 'a mail of its thread (References)',
  tag: 'the tag in its subject',
} as const;

/** Decides where a mail belongs. The same facts always give the same decision. */
export function decidePlacing(facts: PlacingFacts): Placing {
  const why = [facts.verdict.why];
  const early = decideWithoutSender(facts, why);
  if (early !== null) return early;
  const [claim] = facts.claims;
  if (facts.falseToken !== null && !clientsOf(facts).includes(facts.falseToken.clientId))
    return quarantine('other-client', [], null, [
      ...why,
      `It carries a reply token of T-${facts.falseToken.number} that is not that ticket’s, and its sender does not belong to that ticket’s client.`,
    ]);
  if (facts.falseToken !== null)
    why.push(`Its reply token for T-${facts.falseToken.number} is not valid; it counts for nothing.`);
  return claim === undefined ? decideNew(facts, why) : decideClaimed(facts, claim, why);
}

/** What needs no sender, or has none that could be trusted. */
function decideWithoutSender(facts: PlacingFacts, why: string[]): Placing | null {
  if (facts.isOurs) return { kind: 'ignore', why: ['It is a mail of ours that came back to us.'] };
  if (facts.isBounce) {
    if (facts.bounced === null) return { kind: 'ignore', why: ['It is a bounce of a mail that we did not send.'] };
    const { ticketId, clientId, number } = facts.bounced;
    return { kind: 'record', what: 'bounce', ticketId, clientId, why: [`It is the bounce of a mail of T-${number}.`] };
  }
  if (facts.sender === null) return quarantine('no-sender', [], null, ['It names no sender.']);
  if (facts.isFromOwnAddress)
    return quarantine('own-address', [], facts.claims[0] ?? null, [
      ...why,
      'It says that it comes from an address of ours.',
    ]);
  if (facts.isTooLarge)
    return quarantine('too-large', clientsOf(facts), facts.claims[0] ?? null, [
      ...why,
      'It is too large to be read; it is kept as it came, for a person to look at.',
    ]);
  if (facts.verdict.verdict === 'failed')
    return quarantine('spoofed', clientsOf(facts), facts.claims[0] ?? null, [
      ...why,
      'Somebody may pretend to be this sender, so it is not put in that person’s name.',
    ]);
  return null;
}

function decideClaimed(facts: PlacingFacts, claim: TicketClaim, why: string[]): Placing {
  const { ticketId, clientId, number, by } = claim;
  why.push(`T-${number} by ${BY[by]}.`);
  const contact = facts.contacts.find((one) => one.clientId === clientId);
  const isOfDomain =
    facts.contacts.length === 0 && facts.domainClients.length === 1 && facts.domainClients[0] === clientId;
  const isKnown = contact !== undefined || isOfDomain;
  const place = { ticketId, clientId };
  const record = (what: 'automatic' | 'watcher' | 'loop', because: string): Placing => ({
    kind: 'record',
    what,
    ...place,
    why: [...why, because],
  });
  if (!isKnown && clientsOf(facts).length > 0)
    return quarantine('other-client', clientsOf(facts), claim, [
      ...why,
      `The sender belongs to another client than T-${number}, so it is not put there.`,
    ]);
  if (facts.archived.has(clientId))
    return quarantine('archived-client', [clientId], claim, [...why, 'The client is archived.']);
  if (facts.isAutomatic && by !== 'tag')
    return record('automatic', 'A program sent it: it is noted, not answered, and reopens nothing.');
  if (!isKnown && facts.isMailedWatcher(ticketId))
    return record('watcher', 'The sender is no contact but was let to read along: it is noted for staff.');
  if (!isKnown)
    return quarantine('unknown-sender', [clientId], claim, [
      ...why,
      'The sender is no contact of that ticket’s client.',
    ]);
  if (facts.recentOnTicket(ticketId) >= MAX_MAILS_AN_HOUR)
    return record(
      'loop',
      `The sender sent ${MAX_MAILS_AN_HOUR} mails to this ticket within an hour, as loops do: it is noted, not answered, and reopens nothing.`,
    );
  const because =
    contact === undefined
      ? 'The sender’s domain is the client’s; a contact is made.'
      : 'The sender is a contact of its client.';
  const sender = contact === undefined ? { newContactOf: clientId } : { contactId: contact.id };
  return { kind: 'reply', ...place, sender, why: [...why, because] };
}

function decideNew(facts: PlacingFacts, why: string[]): Placing {
  if (facts.isAutomaticAnswer)
    return { kind: 'ignore', why: [...why, 'It is an automatic answer that belongs to no ticket.'] };
  const clients = clientsOf(facts);
  const [only] = clients;
  if (clients.length > 1)
    return quarantine('several-clients', clients, null, [
      ...why,
      facts.contacts.length > 0
        ? `The sender is a contact of ${clients.length} clients, and nothing tells for which this is.`
        : `${clients.length} clients have the sender’s domain.`,
    ]);
  const clientId = only ?? facts.mailboxClient;
  if (clientId === null)
    return quarantine('unknown-sender', [], null, [...why, 'The sender is no contact, and the domain is no client’s.']);
  if (facts.archived.has(clientId))
    return quarantine('archived-client', [clientId], null, [...why, 'The sender’s client is archived.']);
  const [contact] = facts.contacts;
  if (contact !== undefined)
    return {
      kind: 'open',
      clientId,
      sender: { contactId: contact.id },
      why: [...why, 'The sender is a contact of one client.'],
    };
  const reason = only === undefined ? 'Mails to this mailbox are of one client' : 'The sender’s domain is one client’s';
  return { kind: 'open', clientId, sender: { newContactOf: clientId }, why: [...why, `${reason}; a contact is made.`] };
}

/** Whom the sender belongs to: the clients with a contact of this address, else those with the domain. */
function clientsOf(facts: PlacingFacts): ClientId[] {
  const ofContacts = [...new Set(facts.contacts.map(({ clientId }) => clientId))];
  return ofContacts.length > 0 ? ofContacts : [...new Set(facts.domainClients)];
}

function quarantine(
  reason: QuarantineReason,
  clientIds: readonly ClientId[],
  claim: { readonly ticketId: TicketId } | null,
  why: readonly string[],
): Placing {
  return { kind: 'quarantine', reason, clientIds, ticketId: claim?.ticketId ?? null, why };
}
