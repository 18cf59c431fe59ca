import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import { comparableName, NameIndex } from './company-name.ts';
import { keyOf, toHints, toKey, type Hint, type HintSource } from './evidence.ts';
import { matchOwned, matchScope, type ClientBook, type Matchable } from './match-scope.ts';

const hartley = 'a0000000-0000-7000-8000-000000000001' as ClientId;
const brook = 'b0000000-0000-7000-8000-000000000002' as ClientId;
const here: HintSource = { plugin: 'bailiwick/zabbix', connectionId: 'c1' };
const tenantId = '6f1a0c50-13c7-4c1e-9a49-0f0a8ce2b6aa';

function bookOf(known: {
  keys?: readonly (readonly [Hint | null, ClientId])[];
  serials?: Record<string, ClientId[]>;
  emails?: Record<string, ClientId[]>;
  names?: Record<string, ClientId>;
}): ClientBook {
  const keys = new Map<string, Set<ClientId>>();
  for (const [hint, clientId] of known.keys ?? [])
    if (hint !== null) keys.set(keyOf(hint), (keys.get(keyOf(hint)) ?? new Set()).add(clientId));
  const names = new NameIndex<ClientId>();
  for (const [name, clientId] of Object.entries(known.names ?? {})) names.add(clientId, name);
  const sets = (given: Record<string, ClientId[]> = {}) =>
    new Map(Object.entries(given).map(([value, ids]) => [value, new Set(ids)]));
  return { keys, serials: sets(known.serials), emails: sets(known.emails), names };
}

const scopeOf = (hints: Parameters<typeof toHints>[0], over: Partial<Matchable> = {}): Matchable => ({
  name: 'Nobody',
  hints: toHints(hints, here),
  declinedIds: [],
  ...over,
});
const domain = (value: string) => toKey('domain', value, here);

describe('matchScope', () => {
  it('is exact where every key is one client’s', () => {
    const book = bookOf({
      keys: [
        [toKey('tenant-id', tenantId, here), hartley],
        [domain('hartley.example'), hartley],
      ],
    });
    const match = matchScope(scopeOf({ tenantId: tenantId.toUpperCase(), domains: ['Hartley.example.'] }), book);
    expect(match).toMatchObject({ kind: 'exact', clientIds: [hartley] });
    expect(match.evidence.map((item) => item.detail)).toEqual([
      `The tenant id ${tenantId} is this client’s.`,
      'The domain hartley.example is this client’s.',
    ]);
  });

  it('is a conflict where two keys are two clients’, or one key is', () => {
    const two = bookOf({
      keys: [
        [domain('hartley.example'), hartley],
        [domain('brook.example'), brook],
      ],
    });
    expect(matchScope(scopeOf({ domains: ['hartley.example', 'brook.example'] }), two).kind).toBe('conflict');
    const shared = bookOf({
      keys: [
        [domain('shared.example'), hartley],
        [domain('shared.example'), brook],
      ],
    });
    expect(matchScope(scopeOf({ domains: ['shared.example'] }), shared)).toMatchObject({
      kind: 'conflict',
      clientIds: [hartley, brook],
    });
  });

  it('takes no public mail domain, no short counter of another server and no customer number of another connection for a key', () => {
    expect(domain('gmail.com')).toBeNull();
    const elsewhere: HintSource = { plugin: here.plugin, connectionId: 'c2' };
    const book = bookOf({
      keys: [
        [toKey('tenant-id', '12', elsewhere), hartley],
        [toKey('customer-number', '1001', elsewhere), hartley],
      ],
    });
    expect(matchScope(scopeOf({ tenantId: '12', customerNumber: '1001' }), book).kind).toBe('none');
  });

  it('finds an account number of the same vendor over connections, and a UUID over vendors', () => {
    const elsewhere: HintSource = { plugin: here.plugin, connectionId: 'c2' };
    const other: HintSource = { plugin: 'acme/backup', connectionId: 'c3' };
    const book = bookOf({
      keys: [
        [toKey('tenant-id', '123456789012', elsewhere), hartley],
        [toKey('tenant-id', tenantId, other), brook],
      ],
    });
    expect(matchScope(scopeOf({ tenantId: '123456789012' }), book)).toMatchObject({
      kind: 'exact',
      clientIds: [hartley],
    });
    expect(matchScope(scopeOf({ tenantId }), book)).toMatchObject({ kind: 'exact', clientIds: [brook] });
  });

  it.each([
    ['4 of 5', ['A11', 'A12', 'A13', 'A14', 'Z99'], 'likely'],
    ['3 of 5', ['A11', 'A12', 'A13', 'Z98', 'Z99'], 'none'],
    ['2 of 2', ['A11', 'A12'], 'none'],
    ['3 of 3, placeholders not counted', ['a11', ' A12', 'A13', 'To be filled by O.E.M.', '0000'], 'likely'],
  ])('judges devices, %s', (_, deviceSerials, kind) => {
    const serials = { A11: [hartley], A12: [hartley], A13: [hartley], A14: [hartley] };
    expect(matchScope(scopeOf({ deviceSerials }), bookOf({ serials })).kind).toBe(kind);
  });

  it('is a conflict where the devices are two clients’', () => {
    const serials = { A11: [hartley, brook], A12: [hartley, brook], A13: [hartley, brook] };
    expect(matchScope(scopeOf({ deviceSerials: ['A11', 'A12', 'A13'] }), bookOf({ serials })).kind).toBe('conflict');
  });

  it('only suggests for names, and never between two that are nearly as like', () => {
    const one = bookOf({ names: { 'Hartley & Sons Ltd': hartley, 'Brook Dental': brook } });
    expect(matchScope(scopeOf({}, { name: 'HARTLEY AND SONS LIMITED' }), one)).toMatchObject({
      kind: 'likely',
      clientIds: [hartley],
    });
    const two = bookOf({ names: { 'Hartley North': hartley, 'Hartley South': brook } });
    expect(matchScope(scopeOf({}, { name: 'Hartley' }), two).kind).toBe('conflict');
    expect(matchScope(scopeOf({}, { name: 'Zebra' }), two).kind).toBe('none');
  });

  it('leaves out whom a person declined', () => {
    const book = bookOf({ keys: [[domain('hartley.example'), hartley]], names: { Hartley: hartley } });
    const scope = scopeOf({ domains: ['hartley.example'] }, { name: 'Hartley', declinedIds: [hartley] });
    expect(matchScope(scope, book).kind).toBe('none');
  });

  it('never answers exact or likely for more than one client, whatever is shared', () => {
    const ids = fc.uniqueArray(fc.constantFrom(hartley, brook), { maxLength: 2 });
    const value = fc.constantFrom('a.example', 'b.example', 'c.example');
    fc.assert(
      fc.property(fc.dictionary(value, ids), fc.array(value), (held, domains) => {
        const keys = Object.entries(held).flatMap(([name, of]) => of.map((id) => [domain(name), id] as const));
        const match = matchScope(scopeOf({ domains }), bookOf({ keys }));
        expect(match.clientIds.length > 1).toBe(match.kind === 'conflict');
        const speaking = new Set(domains.flatMap((name) => held[name] ?? []));
        expect(new Set(match.clientIds)).toEqual(speaking);
      }),
    );
  });
});

describe('matchOwned', () => {
  it('is the owner’s, unless a key is another client’s', () => {
    const book = bookOf({ keys: [[domain('brook.example'), brook]], names: { Brook: brook } });
    expect(matchOwned(scopeOf({}, { name: 'Brook' }), hartley, book)).toMatchObject({
      kind: 'exact',
      clientIds: [hartley],
    });
    expect(matchOwned(scopeOf({ domains: ['brook.example'] }), hartley, book)).toMatchObject({
      kind: 'conflict',
      clientIds: [hartley],
    });
  });
});

describe('comparableName', () => {
  it.each([
    ['Hartley & Söhne GmbH', 'hartley sohne'],
    ['HARTLEY, SOHNE G.m.b.H.', 'hartley sohne'],
    ['The Company Ltd', 'the company ltd'],
    ['', ''],
  ])('%s → %s', (name, expected) => {
    expect(comparableName(name)).toBe(expected);
  });
});
