import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrderJournal } from './order-journal.ts';
import { Spool } from './spool.ts';
import { StateFolder } from './state-folder.ts';

const at = Temporal.Instant.from('2026-11-20T12:00:00Z');
const LIMITS = { entries: 1_000, bytes: 10_000_000 };
let folder: string;
let state: StateFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-spool-'));
  state = new StateFolder(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sample = (value: number) => ({ series: ['cpu.usage_percent'], values: [value] });

describe('Spool', () => {
  it('keeps what is not acknowledged over restarts, in order, and never uses a number twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant('append'), fc.constant('restart'), fc.nat({ max: 5 })), { maxLength: 40 }),
        (steps) => {
          rmSync(state.file('spool'), { recursive: true, force: true });
          let spool = new Spool(state);
          const sent: number[] = [];
          let appended = 0;
          const take = (count: number): void => {
            const batch = spool.batch({ ...LIMITS, entries: Math.max(1, count) });
            const last = batch.at(-1);
            sent.push(...batch.map((entry) => entry.sequence));
            if (last !== undefined)
              spool.acknowledge([{ stream: 'metrics', epoch: last.epoch, sequence: last.sequence }]);
          };
          for (const step of steps) {
            if (step === 'restart') spool = new Spool(state);
            else if (step === 'append') {
              appended += 1;
              spool.append('metrics', at, sample(appended));
            } else take(step as number);
          }
          take(1_000);
          expect(sent).toEqual(Array.from({ length: appended }, (_, index) => index + 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('cuts off a line that a crash tore, and goes on after it', () => {
    const spool = new Spool(state);
    spool.append('metrics', at, sample(1));
    const segments = join(folder, 'spool/metrics');
    const segment = readdirSync(segments).find((name) => name.endsWith('.jsonl'))!;
    appendFileSync(join(segments, segment), '{"sequence":2,"at":"2026');
    const again = new Spool(state);
    again.append('metrics', at, sample(2));
    expect(again.batch(LIMITS).map((entry) => [entry.sequence, entry.data])).toEqual([
      [1, sample(1)],
      [2, sample(2)],
    ]);
  });

  it('drops the oldest metrics when it is full, says how many, and keeps the results of orders', () => {
    const spool = new Spool(state, { maxBytes: 600_000 });
    const result = { orderId: '0197a000-0000-7000-8000-000000000001', at: at.toString(), state: 'accepted' };
    spool.append('order-result', at, result);
    for (let index = 0; index < 2_000; index += 1)
      spool.append('metrics', at.add({ seconds: 30 * index }), { series: ['a.b'.padEnd(500, 'x')], values: [index] });
    expect(spool.bytes).toBeLessThanOrEqual(600_000);
    const kept = new Spool(state).batch({ entries: 5_000, bytes: 10_000_000 });
    expect(kept[0]).toMatchObject({ stream: 'order-result', data: result });
    const metrics = kept.filter((entry) => entry.stream === 'metrics');
    const told = metrics.map((entry) => (entry.data as { dropped?: { entries: number } }).dropped?.entries ?? 0);
    // Every sample is either kept or counted.
    expect(told.reduce((sum, count) => sum + count, metrics.length)).toBe(2_000);
    expect(metrics.at(-1)?.sequence).toBe(2_000);
  });

  it('keeps only the newest of whole pictures', () => {
    const spool = new Spool(state);
    spool.append('software', at, { isComplete: true, packages: [] });
    spool.append('software', at, { isComplete: false, packages: [] });
    expect(spool.batch(LIMITS).map((entry) => [entry.sequence, entry.data])).toEqual([
      [2, { isComplete: false, packages: [] }],
    ]);
  });

  it('begins a new epoch when the server has more than it ever wrote (a folder restored from a backup)', () => {
    const spool = new Spool(state);
    spool.append('metrics', at, sample(1));
    const [entry] = spool.batch(LIMITS);
    spool.reconcile([{ stream: 'metrics', epoch: entry!.epoch, sequence: 50 }]);
    const [moved] = spool.batch(LIMITS);
    expect(moved?.sequence).toBe(1);
    expect(moved?.epoch).not.toBe(entry!.epoch);
  });
});

describe('OrderJournal', () => {
  const id = '0197a000-0000-7000-8000-000000000001';

  it('remembers a used order over restarts, torn lines and clocks set back', () => {
    const path = join(folder, 'orders.journal');
    const journal = new OrderJournal(path, at);
    journal.begin(id, at.add({ hours: 1 }).toString());
    journal.started(id, 4242, '77');
    appendFileSync(path, '{"id":"torn');
    const second = new OrderJournal(path, at.subtract({ hours: 24 }));
    expect(second.has(id)).toBe(true);
    expect(second.unfinished()).toEqual([{ id, process: { pid: 4242, startedAt: '77' } }]);
    expect(() => second.begin(id, at.toString())).toThrow('used before');
    second.end(id);
    const third = new OrderJournal(path, at.add({ hours: 24 }));
    expect(third.unfinished()).toEqual([]);
    expect(third.has(id)).toBe(true);
  });

  it('forgets an order that ended long after it could still be accepted', () => {
    const path = join(folder, 'orders.journal');
    const journal = new OrderJournal(path, at);
    journal.begin(id, at.add({ hours: 1 }).toString());
    journal.end(id);
    expect(new OrderJournal(path, at.add({ hours: 24 * 61 })).has(id)).toBe(false);
  });
});
