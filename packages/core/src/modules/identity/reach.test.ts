import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import { makeTenantScope, reaches, type Reach } from '#kernel/tenant-scope';
import { covers, intersectReach } from './reach.ts';

const clients = ['a', 'b', 'c', 'd', 'never-listed'] as unknown as ClientId[];
const someClients = fc.subarray(clients.slice(0, 4));
const reach: fc.Arbitrary<Reach> = fc.oneof(
  fc.constant<Reach>({ kind: 'all' }),
  someClients.map<Reach>((clientIds) => ({ kind: 'only', clientIds })),
  someClients.map<Reach>((clientIds) => ({ kind: 'except', clientIds })),
);

function has(of: Reach, client: ClientId): boolean {
  const actor = { kind: 'login', id: '', label: '' } as const;
  return reaches(
    makeTenantScope({ mspId: '' as never, reach: of, audience: 'staff', actor, permissions: new Set(), requestId: '' }),
    client,
  );
}

describe('intersectReach', () => {
  it('reaches exactly the clients that both reach', () => {
    fc.assert(
      fc.property(reach, reach, fc.constantFrom(...clients), (one, other, client) => {
        expect(has(intersectReach(one, other), client)).toBe(has(one, client) && has(other, client));
      }),
    );
  });
});

describe('covers', () => {
  it('holds exactly where nothing is reached by the inner and not by the outer', () => {
    fc.assert(
      fc.property(reach, reach, (outer, inner) => {
        const everyClient = clients.every((client) => !has(inner, client) || has(outer, client));
        // `all` also reaches what belongs to no client; an exception of nobody does not.
        const isWhole = outer.kind === 'all' || inner.kind !== 'all';
        expect(covers(outer, inner)).toBe(everyClient && isWhole);
      }),
    );
  });
});
