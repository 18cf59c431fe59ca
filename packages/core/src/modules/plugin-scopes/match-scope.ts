import type { ClientId } from '#kernel/id';
import type { NameIndex } from './company-name.ts';
import { isKey, keyOf, type Evidence, type Hint, type KeyKind } from './evidence.ts';

/** What is known of all clients that a scope may belong to. */
export interface ClientBook {
  /** By `keyOf` of a key: whose it is. More than one where two clients share it. */
  readonly keys: ReadonlyMap<string, ReadonlySet<ClientId>>;
  readonly serials: ReadonlyMap<string, ReadonlySet<ClientId>>;
  readonly emails: ReadonlyMap<string, ReadonlySet<ClientId>>;
  readonly names: NameIndex<ClientId>;
}

/**
 * What the evidence says. `exact` is good enough to map by itself, `likely` to suggest; `conflict` speaks for several clients, or against the connection's
 * owner, and is never guessed.
 */
export interface Match {
  readonly kind: 'exact' | 'likely' | 'conflict' | 'none';
  readonly clientIds: readonly ClientId[];
  readonly evidence: readonly Evidence[];
}

export interface Matchable {
  readonly name: string;
  readonly hints: readonly Hint[];
  /** Clients of which a person said that it is not theirs. */
  readonly declinedIds: readonly ClientId[];
}

/** Fewer devices prove nothing: one laptop moves between two clients (the contract's numbers). */
const LEAST_DEVICES = 3;
const LEAST_DEVICE_SHARE = 0.8;

/** pg_trgm's own default is 0.3, at which `Hartley` and `Hartwell` are alike; at 0.5 `Hartley` still finds `Hartley North`. */
const LEAST_NAME_SIMILARITY = 0.5;
/** Two names that are nearly as like as each other are a conflict. */
const NAME_LEAD = 0.15;

const NOTHING: Match = { kind: 'none', clientIds: [], evidence: [] };

const KEY_WORDS: Readonly<Record<KeyKind, string>> = {
  'tenant-id': 'tenant id',
  domain: 'domain',
  'tax-id': 'tax number',
  'customer-number': 'customer number',
};

/** Says whose a scope is, by the strongest evidence that speaks at all. Pure: the same book and scope always give the same answer. */
export function matchScope(scope: Matchable, book: ClientBook): Match {
  return byKeys(scope, book) ?? byDevices(scope, book) ?? byPeople(scope, book) ?? byName(scope, book) ?? NOTHING;
}

/** The match of a scope whose connection is a client's own: it is that client's, unless a key says otherwise. */
export function matchOwned(scope: Matchable, owner: ClientId, book: ClientBook): Match {
  const keys = byKeys(scope, book);
  const others = keys?.evidence.filter((item) => item.clientId !== owner) ?? [];
  const own: Evidence = { clientId: owner, kind: 'owner', detail: 'The connection is this client’s own.' };
  if (others.length > 0) return { kind: 'conflict', clientIds: [owner], evidence: [own, ...others] };
  if (scope.declinedIds.includes(owner)) return NOTHING;
  return { kind: 'exact', clientIds: [owner], evidence: [own] };
}

function byKeys(scope: Matchable, book: ClientBook): Match | null {
  const evidence = scope.hints.filter(isKey).flatMap((hint) =>
    holders(book.keys.get(keyOf(hint)), scope).map((clientId): Evidence => ({
      clientId,
      kind: hint.kind,
      detail: `The ${KEY_WORDS[hint.kind]} ${hint.value} is this client’s.`,
    })),
  );
  return verdict('exact', evidence);
}

function byDevices(scope: Matchable, book: ClientBook): Match | null {
  const serials = scope.hints.filter((hint) => hint.kind === 'device-serial');
  if (serials.length < LEAST_DEVICES) return null;
  const counts = new Map<ClientId, number>();
  for (const serial of serials)
    for (const clientId of holders(book.serials.get(serial.value), scope))
      counts.set(clientId, (counts.get(clientId) ?? 0) + 1);
  const evidence = [...counts]
    .filter(([, count]) => count >= LEAST_DEVICES && count >= serials.length * LEAST_DEVICE_SHARE)
    .map(([clientId, count]): Evidence => ({
      clientId,
      kind: 'device-serial',
      detail: `${count} of ${serials.length} devices have serial numbers of this client’s assets.`,
    }));
  return verdict('likely', evidence);
}

function byPeople(scope: Matchable, book: ClientBook): Match | null {
  const evidence = scope.hints
    .filter((hint) => hint.kind === 'email')
    .flatMap((hint) =>
      holders(book.emails.get(hint.value), scope).map((clientId): Evidence => ({
        clientId,
        kind: 'email',
        detail: `${hint.value} is a contact of this client.`,
      })),
    );
  return verdict('likely', evidence);
}

function byName(scope: Matchable, book: ClientBook): Match | null {
  const alike = book.names
    .like(scope.name, LEAST_NAME_SIMILARITY)
    .filter((match) => !scope.declinedIds.includes(match.id));
  const best = alike[0]?.similarity ?? 0;
  const evidence = alike
    .filter((match) => match.similarity > best - NAME_LEAD)
    .map((match): Evidence => ({
      clientId: match.id,
      kind: 'name',
      detail:
        match.similarity === 1
          ? `The names are the same but for case and legal form: “${scope.name}” and “${match.name}”.`
          : `The names are alike: “${scope.name}” and “${match.name}”.`,
    }));
  return verdict('likely', evidence);
}

function holders(clients: ReadonlySet<ClientId> | undefined, scope: Matchable): ClientId[] {
  return [...(clients ?? [])].filter((clientId) => !scope.declinedIds.includes(clientId));
}

function verdict(kind: 'exact' | 'likely', evidence: readonly Evidence[]): Match | null {
  const clientIds = [...new Set(evidence.map((item) => item.clientId))].toSorted();
  if (clientIds.length === 0) return null;
  return { kind: clientIds.length === 1 ? kind : 'conflict', clientIds, evidence };
}
