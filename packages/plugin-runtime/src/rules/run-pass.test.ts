import type { Json } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { CallFailed } from '../invocation.ts';
import type { StreamDescription } from '../description.ts';
import type { NormalBatch, StreamStore } from '../stream-store.ts';
import { normaliseBatch } from './normalise-batch.ts';
import { runPass, type PassInput } from './run-pass.ts';

const stream: StreamDescription = {
  name: 'devices',
  connection: 'account',
  label: 'Devices',
  entity: 'device',
  mode: 'full',
  grain: 'scope',
  every: 'PT5M',
  cursorVersion: 0,
};
const scopes = { kind: 'bound', scope: 's' } as const;
const device = (id: string, name = id) => ({ id, data: { name } });

class MemoryStore implements StreamStore {
  readonly rows = new Map<string, { hash: string; generation: number }>();
  cursor: Json | undefined;
  generation = 0;
  isRunning = false;
  written = 0;
  async begin() {
    if (!this.isRunning) {
      this.generation += 1;
      this.cursor = undefined;
    }
    this.isRunning = true;
    return { cursor: this.cursor, generation: this.generation, liveCount: this.rows.size };
  }
  async write(batch: NormalBatch, generation: number) {
    const counts = { added: 0, changed: 0, unchanged: 0, deleted: 0 };
    for (const { id, hash } of batch.upserts) {
      const had = this.rows.get(id);
      counts[had === undefined ? 'added' : had.hash === hash ? 'unchanged' : 'changed'] += 1;
      if (had?.hash !== hash) this.written += 1;
      this.rows.set(id, { hash, generation });
    }
    for (const { id } of batch.seen) {
      const had = this.rows.get(id);
      if (had) had.generation = generation;
    }
    if (batch.hasCursor) this.cursor = batch.cursor;
    return counts;
  }
  #unseen(generation: number) {
    return [...this.rows].filter(([, row]) => row.generation !== generation).map(([id]) => id);
  }
  async countUnseen(generation: number) {
    return this.#unseen(generation).length;
  }
  async sweep(generation: number) {
    const gone = this.#unseen(generation);
    for (const id of gone) this.rows.delete(id);
    return gone.length;
  }
  async finish() {
    this.isRunning = false;
  }
}

type Read = (cursor: Json | undefined) => AsyncIterable<unknown>;
const pass = async (store: StreamStore, read: Read, more: Partial<PassInput> = {}) =>
  runPass({ pull: ({ cursor }) => read(cursor), stream, store, scopes, ...more });
const pages = (...batches: unknown[]): Read =>
  async function* () {
    yield* batches;
  };
const ten = Array.from({ length: 10 }, (_, index) => device(`d${index}`));

describe('runPass', () => {
  it('writes nothing the second time, and sweeps what a clean end did not list', async () => {
    const store = new MemoryStore();
    expect(await pass(store, pages({ upserts: ten }))).toMatchObject({ added: 10, end: 'complete', heldBack: null });
    expect(await pass(store, pages({ upserts: ten.toReversed() }))).toMatchObject({ added: 0, unchanged: 10 });
    expect(store.written).toBe(10);
    expect(await pass(store, pages({ upserts: ten.slice(2) }))).toMatchObject({ deleted: 2, heldBack: null });
  });

  it('sweeps all of what comes and goes, but only after a clean end', async () => {
    const store = new MemoryStore();
    const open = { stream: { ...stream, comesAndGoes: true } };
    await pass(store, pages({ upserts: ten }), open);
    const broken: Read = async function* () {
      yield { upserts: [] };
      throw new CallFailed('Transient', 'The vendor is down.');
    };
    expect(await pass(store, broken, open)).toMatchObject({ end: 'failed', deleted: 0 });
    expect(await pass(store, pages({ upserts: [] }), open)).toMatchObject({ deleted: 10, heldBack: null });
  });

  it('holds back a sweep of more than a fifth, and of everything, until a person accepts it', async () => {
    const store = new MemoryStore();
    await pass(store, pages({ upserts: ten }));
    expect(await pass(store, pages({ upserts: ten.slice(3) }))).toMatchObject({
      deleted: 0,
      heldBack: { unseen: 3, live: 10 },
    });
    expect(await pass(store, pages())).toMatchObject({ heldBack: { unseen: 10, live: 10 } });
    expect(await pass(store, pages({ upserts: ten.slice(3) }), { acceptsSweep: true })).toMatchObject({ deleted: 3 });
    expect(store.rows.size).toBe(7);
  });

  it('deletes nothing where page two fails, and goes on from its cursor', async () => {
    const store = new MemoryStore();
    await pass(store, pages({ upserts: ten }));
    const failing: Read = async function* () {
      yield { upserts: ten.slice(0, 5), cursor: 5 };
      throw new CallFailed('Transient', 'later');
    };
    expect(await pass(store, failing)).toMatchObject({
      end: 'failed',
      failure: { failure: 'Transient' },
      unchanged: 5,
      deleted: 0,
    });
    const cursors: unknown[] = [];
    const rest: Read = async function* (cursor) {
      cursors.push(cursor);
      yield { upserts: ten.slice(5), cursor: null };
    };
    expect(await pass(store, rest)).toMatchObject({ end: 'complete', deleted: 0 });
    expect(cursors).toEqual([5]);
    expect(store.rows.size).toBe(10);
  });

  it('ends a list that goes round as the vendor’s bug, and takes a page that came twice', async () => {
    const round: Read = async function* () {
      for (let at = 0; ; at += 1) yield { upserts: [device(`d${at % 2}`)], cursor: at % 2 };
    };
    expect(await pass(new MemoryStore(), round)).toMatchObject({ end: 'failed', failure: { failure: 'VendorBug' } });
    expect(await pass(new MemoryStore(), pages({ upserts: ten }, { upserts: ten }))).toMatchObject({
      added: 10,
      unchanged: 10,
    });
  });

  it('keeps a record whose new data is refused', async () => {
    const store = new MemoryStore();
    await pass(store, pages({ upserts: ten }));
    const wrong = [...ten.slice(1), { id: 'd0', data: { name: 7 } }];
    const report = await pass(store, pages({ upserts: wrong }));
    expect(report).toMatchObject({
      deleted: 0,
      refusedCount: 1,
      refused: [{ id: 'd0', scope: 's', reason: 'data.name: must be a text' }],
    });
    expect(store.rows.has('d0')).toBe(true);
  });

  it('stops within its budget and does not sweep', async () => {
    const store = new MemoryStore();
    await pass(store, pages({ upserts: ten }));
    expect(
      await pass(store, pages({ upserts: ten.slice(0, 1) }, { upserts: [] }), { budget: { batches: 1 } }),
    ).toMatchObject({ end: 'budget', deleted: 0 });
  });
});

describe('normaliseBatch', () => {
  const refusals = (upserts: unknown[], given: Parameters<typeof normaliseBatch>[2] = scopes) =>
    normaliseBatch(stream, { upserts }, given).refused.map(({ reason }) => reason);

  it('refuses records by the field that is wrong', () => {
    expect(
      refusals([
        { id: '', data: {} },
        { id: 5, data: {} },
        device('a'),
        device('a'),
        { ...device('b'), scope: 'other' },
        { ...device('c'), colour: 1 },
      ]),
    ).toEqual([
      'id: is empty',
      'id: must be a text',
      'the id is twice in one batch',
      'scope: is another one than this call is bound to',
      'colour: is not a known field',
    ]);
    expect(refusals([device('a'), { ...device('b'), scope: 'x' }], { kind: 'known', scopes: new Set(['s']) })).toEqual([
      'scope: is missing; records of this stream name their scope',
      'scope: is not one that discovery has listed',
    ]);
  });

  it('hashes the same data the same, whatever the order of its keys and what is observed', () => {
    const hash = (data: object, observed = {}) =>
      normaliseBatch(stream, { upserts: [{ id: 'a', data, observed }] }, scopes).batch.upserts[0]?.hash;
    expect(hash({ name: 'a', model: 'm' }, { at: 1 })).toBe(hash({ model: 'm', name: 'a' }, { at: 2 }));
    expect(hash({ name: 'a' })).not.toBe(hash({ name: 'b' }));
  });

  it.each([
    [null],
    [{}],
    [{ upserts: 5 }],
    [{ upserts: [], cursor: 'x'.repeat(9000) }],
    [{ upserts: Array(5001).fill(device('a')) }],
    [{ upserts: [], more: 1 }],
  ])('refuses %# as a whole', (batch) => {
    expect(() => normaliseBatch(stream, batch, scopes)).toThrow(CallFailed);
  });
});
