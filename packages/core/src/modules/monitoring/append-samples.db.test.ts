import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CPU, machinesOf } from '../../../../../test/support/machines.ts';
import { staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { MetricQueries } from './metric-queries.ts';
import { rollUp } from './rollup.ts';
import type { Report } from './sample-store.ts';
import { SealReports } from './seal-reports.ts';
import { SeriesCatalogue } from './series-catalogue.ts';

let app: TestApp;
let machines: ReturnType<typeof machinesOf>;
beforeAll(async () => {
  app = await startTestApp();
  machines = machinesOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe('AppendSamples', () => {
  it('stores a report once, however often and in whatever company it is sent', async () => {
    const m = await machines.machine();
    const all = machines.reports(20, (index) => index);
    expect((await machines.append(m, all.slice(0, 10))).stored).toBe(10);
    expect((await machines.append(m, all.slice(0, 10))).stored).toBe(0);
    expect((await machines.append(m, all.slice(5))).stored).toBe(10);
    const both = await Promise.all([
      machines.append(
        m,
        machines.reports(25, (index) => index),
      ),
      machines.append(
        m,
        machines.reports(25, (index) => index),
      ),
    ]);
    expect(both.map((result) => result.stored).toSorted((a, b) => a - b)).toEqual([0, 5]);
    expect((await machines.read(m, 1)).series[0]?.mean).toHaveLength(25);
  });

  it('takes two first reports of one machine at the same moment, without mixing up their series', async () => {
    const m = await machines.machine();
    const at = app.clock.now();
    const named = (name: string, value: number): Report[] => [
      { sequence: 1, at, series: [CPU, name], values: [1, value] },
    ];
    await Promise.all([
      machines.append({ ...m, epoch: crypto.randomUUID() }, named('load.average_1m', 11)),
      machines.append({ ...m, epoch: crypto.randomUUID() }, named('load.average_5m', 55)),
    ]);
    app.container.resolve(SeriesCatalogue).clear();
    expect((await machines.read(m, 1, 'load.average_5m')).series[0]?.mean).toEqual([55]);
    const series = await app.container.resolve(MetricQueries).series(staffScope(m.mspId), m.assetId);
    expect(series.map((entry) => entry.series)).toEqual([CPU, 'load.average_1m', 'load.average_5m']);
  });

  it('refuses what lies in the future or has expired, and takes the rest of the batch', async () => {
    const m = await machines.machine();
    const now = app.clock.now();
    const { stored, refused } = await machines.append(m, [
      { sequence: 1, at: now.subtract({ hours: 24 * 40 }), series: [CPU], values: [1] },
      { sequence: 2, at: now, series: [CPU], values: [2] },
      { sequence: 3, at: now.add({ minutes: 6 }), series: [CPU], values: [3] },
      { sequence: 4, at: now, series: [CPU], values: [Number.NaN] },
    ]);
    expect(stored).toBe(1);
    expect(refused.map(({ sequence, code }) => [sequence, code])).toEqual([
      [1, 'monitoring.sample-too-old'],
      [3, 'monitoring.sample-from-future'],
      [4, 'monitoring.bad-sample'],
    ]);
  });

  it('stores nothing under a client that is out of the scope', async () => {
    const ours = await machines.machine();
    const theirs = await machines.machine();
    await expect(
      machines.append(
        { ...ours, assetId: theirs.assetId, clientId: theirs.clientId },
        machines.reports(1, () => 1),
      ),
    ).rejects.toThrow();
    expect((await machines.read(theirs, 1)).series[0]?.mean).toEqual([]);
  });
});

describe('SealReports', () => {
  it('changes nothing that is read, at any resolution, and takes late reports into their hour', async () => {
    const m = await machines.machine();
    app.clock.set('2026-11-20T09:00:00Z');
    const all = machines.reports(10 * 120, (index) => Math.round(5000 + Math.sin(index / 17) * 4000) / 100);
    const late = all.filter((_, index) => index % 50 === 7);
    await machines.append(
      m,
      all.filter((report) => !late.includes(report)),
    );
    await app.container.resolve(SealReports).run(systemScope(m.mspId));
    const lateStream = { ...m, epoch: crypto.randomUUID() };
    await machines.append(lateStream, late);
    const before = await Promise.all([
      machines.read(m, 1),
      machines.read(m, 5),
      machines.read(m, 24),
      machines.read(m, 168),
      machines.read(m, 720),
    ]);
    const sealed = await app.container.resolve(SealReports).run(systemScope(m.mspId));
    expect(sealed.samples).toBeGreaterThan(15);
    expect(
      await Promise.all([
        machines.read(m, 1),
        machines.read(m, 5),
        machines.read(m, 24),
        machines.read(m, 168),
        machines.read(m, 720),
      ]),
    ).toEqual(before);
    expect((await machines.append(lateStream, late)).stored).toBe(0);

    const samples = all.map((report) => ({ atMs: report.at.epochMilliseconds, value: report.values[0] ?? 0 }));
    for (const [range, stepMs] of [
      [before[2], 300_000],
      [before[4], 3_600_000],
    ] as const) {
      const buckets = rollUp(samples, stepMs);
      expect(range.stepSeconds).toBe(stepMs / 1000);
      expect(range.series[0]?.times).toEqual(buckets.map((bucket) => bucket.atMs / 1000));
      expect(range.series[0]?.min).toEqual(buckets.map((bucket) => bucket.min));
      expect(range.series[0]?.max).toEqual(buckets.map((bucket) => bucket.max));
      for (const [index, mean] of (range.series[0]?.mean ?? []).entries())
        expect(mean).toBeCloseTo(buckets[index]?.mean ?? Number.NaN, 6);
    }
  });
});
