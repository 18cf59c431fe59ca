import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import type { ClientId, MspId } from '#kernel/id';
import { AlertQueries } from '#modules/alerts';
import { CreateAsset, type AssetId } from '#modules/assets';
import { AppendSamples } from './append-samples.ts';
import { CheckQueries } from './check-queries.ts';
import { ChangeChecks } from './change-checks.ts';
import { MetricQueries } from './metric-queries.ts';
import { PreviewCheck } from './preview-check.ts';
import { rollUp } from './rollup.ts';
import type { Report } from './sample-store.ts';
import { SealReports } from './seal-reports.ts';
import { SeriesCatalogue } from './series-catalogue.ts';
import { SweepChecks } from './sweep-checks.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const CPU = 'cpu.usage_percent';
const DISK = 'filesystem.used_percent{mount="/"}';

interface Machine {
  readonly mspId: MspId;
  readonly clientId: ClientId;
  readonly assetId: AssetId;
  readonly epoch: string;
}

async function machine(): Promise<Machine> {
  const { mspId, clientIds } = await buildMsp(app);
  const [clientId] = clientIds;
  if (clientId === undefined) throw new Error('one client was made');
  const { assetId } = await app.container
    .resolve(CreateAsset)
    .run(systemScope(mspId), { clientId, name: 'server-1', kind: 'server', facts: {} });
  return { mspId, clientId, assetId, epoch: crypto.randomUUID() };
}

/** Reports each half minute, ending now. */
function reports(count: number, value: (index: number) => number, series = CPU): Report[] {
  const end = app.clock.now();
  return Array.from({ length: count }, (_, index) => ({
    sequence: index + 1,
    at: end.subtract({ seconds: (count - 1 - index) * 30 }),
    series: [series],
    values: [value(index)],
  }));
}

const append = (m: Machine, list: readonly Report[]) =>
  app.container.resolve(AppendSamples).run(systemScope(m.mspId), { ...m, reports: list });
const read = async (m: Machine, hours: number, series = CPU) =>
  app.container.resolve(MetricQueries).range(staffScope(m.mspId), {
    assetId: m.assetId,
    series: [series],
    from: app.clock.now().subtract({ hours }),
    to: app.clock.now().add({ seconds: 1 }),
  });
const activeAlerts = async (m: Machine) =>
  (await app.container.resolve(AlertQueries).list(staffScope(m.mspId), { limit: 50, states: ['active'] })).items;

describe('AppendSamples', () => {
  it('stores a report once, however often and in whatever company it is sent', async () => {
    const m = await machine();
    const all = reports(20, (index) => index);
    expect((await append(m, all.slice(0, 10))).stored).toBe(10);
    expect((await append(m, all.slice(0, 10))).stored).toBe(0);
    expect((await append(m, all.slice(5))).stored).toBe(10);
    const both = await Promise.all([
      append(
        m,
        reports(25, (index) => index),
      ),
      append(
        m,
        reports(25, (index) => index),
      ),
    ]);
    expect(both.map((result) => result.stored).toSorted((a, b) => a - b)).toEqual([0, 5]);
    expect((await read(m, 1)).series[0]?.mean).toHaveLength(25);
  });

  it('takes two first reports of one machine at the same moment, without mixing up their series', async () => {
    const m = await machine();
    const at = app.clock.now();
    const named = (name: string, value: number): Report[] => [
      { sequence: 1, at, series: [CPU, name], values: [1, value] },
    ];
    await Promise.all([
      append({ ...m, epoch: crypto.randomUUID() }, named('load.average_1m', 11)),
      append({ ...m, epoch: crypto.randomUUID() }, named('load.average_5m', 55)),
    ]);
    app.container.resolve(SeriesCatalogue).clear();
    expect((await read(m, 1, 'load.average_5m')).series[0]?.mean).toEqual([55]);
    const series = await app.container.resolve(MetricQueries).series(staffScope(m.mspId), m.assetId);
    expect(series.map((entry) => entry.series)).toEqual([CPU, 'load.average_1m', 'load.average_5m']);
  });

  it('refuses what lies in the future or has expired, and takes the rest of the batch', async () => {
    const m = await machine();
    const now = app.clock.now();
    const { stored, refused } = await append(m, [
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
    const ours = await machine();
    const theirs = await machine();
    await expect(
      append(
        { ...ours, assetId: theirs.assetId, clientId: theirs.clientId },
        reports(1, () => 1),
      ),
    ).rejects.toThrow();
    expect((await read(theirs, 1)).series[0]?.mean).toEqual([]);
  });
});

describe('SealReports', () => {
  it('changes nothing that is read, at any resolution, and takes late reports into their hour', async () => {
    const m = await machine();
    app.clock.set('2026-11-20T09:00:00Z');
    const all = reports(10 * 120, (index) => Math.round(5000 + Math.sin(index / 17) * 4000) / 100);
    const late = all.filter((_, index) => index % 50 === 7);
    await append(
      m,
      all.filter((report) => !late.includes(report)),
    );
    await app.container.resolve(SealReports).run(systemScope(m.mspId));
    const lateStream = { ...m, epoch: crypto.randomUUID() };
    await append(lateStream, late);
    const before = await Promise.all([read(m, 1), read(m, 5), read(m, 24), read(m, 168), read(m, 720)]);
    const sealed = await app.container.resolve(SealReports).run(systemScope(m.mspId));
    expect(sealed.samples).toBeGreaterThan(15);
    expect(await Promise.all([read(m, 1), read(m, 5), read(m, 24), read(m, 168), read(m, 720)])).toEqual(before);
    expect((await append(lateStream, late)).stored).toBe(0);

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

describe('EvaluateChecks', () => {
  it('raises one alert when a value was bad for long enough, and recovers it, over a restart', async () => {
    const m = await machine();
    const all = reports(30, (index) => (index < 25 ? 95 : 80), DISK);
    for (const report of all.slice(0, 20)) await append(m, [report]);
    expect(await activeAlerts(m)).toEqual([]);
    await append(m, all.slice(20, 25));
    const [alert] = await activeAlerts(m);
    expect(alert).toMatchObject({
      title: 'File system nearly full',
      severity: 'critical',
      assetName: 'server-1',
      series: DISK,
      value: 95,
    });
    expect(alert?.openedAt).toBe(all[20]?.at.toString());
    await append(m, all.slice(25));
    expect(await activeAlerts(m)).toEqual([]);
    expect(
      (await app.container.resolve(AlertQueries).get(staffScope(m.mspId), alert?.id as never)).timeline.map(
        (event) => event.kind,
      ),
    ).toEqual(['recovered', 'raised']);
  });

  it('raises nothing for reports that come after newer ones', async () => {
    const m = await machine();
    const all = reports(40, (index) => (index < 30 ? 99 : 10), DISK);
    await append(m, all.slice(30));
    await append({ ...m, epoch: crypto.randomUUID() }, all.slice(0, 30));
    expect(await activeAlerts(m)).toEqual([]);
  });

  it('holds a client and a machine to their own thresholds', async () => {
    const m = await machine();
    const scope = staffScope(m.mspId);
    const disk = (await app.container.resolve(CheckQueries).list(scope)).find(
      (check) => check.metric === 'filesystem.used_percent',
    );
    if (disk === undefined) throw new Error('every MSP begins with a check of file systems');
    const changes = app.container.resolve(ChangeChecks);
    await changes.setOverride(scope, {
      checkId: disk.id as never,
      clientId: m.clientId,
      isEnabled: true,
      threshold: 50,
      forSeconds: 0,
    });
    await append(
      m,
      reports(1, () => 60, DISK),
    );
    expect(await activeAlerts(m)).toHaveLength(1);
    const { overrideId } = await changes.setOverride(scope, {
      checkId: disk.id as never,
      clientId: m.clientId,
      assetId: m.assetId,
      isEnabled: false,
    });
    app.clock.advance({ seconds: 30 });
    await append(m, [{ sequence: 2, at: app.clock.now(), series: [DISK], values: [60] }]);
    expect(await activeAlerts(m)).toEqual([]);
    await changes.deleteOverride(scope, overrideId);
    app.clock.advance({ seconds: 30 });
    await append(m, [{ sequence: 3, at: app.clock.now(), series: [DISK], values: [60] }]);
    expect(await activeAlerts(m)).toHaveLength(1);
    await changes.delete(scope, disk.id as never);
    expect(await activeAlerts(m)).toEqual([]);
  });
});

describe('SweepChecks', () => {
  it('raises an alert for a machine that fell silent, and recovers it with its next report', async () => {
    const m = await machine();
    await append(
      m,
      reports(1, () => 1),
    );
    const sweep = app.container.resolve(SweepChecks);
    for (let minute = 0; minute < 5; minute += 1) {
      await sweep.run(systemScope(m.mspId));
      expect(await activeAlerts(m)).toEqual([]);
      app.clock.advance({ minutes: 1 });
    }
    await sweep.run(systemScope(m.mspId));
    await sweep.run(systemScope(m.mspId));
    expect((await activeAlerts(m)).map((alert) => alert.title)).toEqual(['Agent not reporting']);
    await append(m, [{ sequence: 2, at: app.clock.now(), series: [CPU], values: [1] }]);
    expect(await activeAlerts(m)).toEqual([]);
  });

  it('gives machines their full time after the server itself was away', async () => {
    const m = await machine();
    await append(
      m,
      reports(1, () => 1),
    );
    const sweep = app.container.resolve(SweepChecks);
    await sweep.run(systemScope(m.mspId));
    app.clock.advance({ hours: 2 });
    await sweep.run(systemScope(m.mspId));
    expect(await activeAlerts(m)).toEqual([]);
    for (let minute = 0; minute < 5; minute += 1) {
      app.clock.advance({ minutes: 1 });
      await sweep.run(systemScope(m.mspId));
    }
    expect(await activeAlerts(m)).toHaveLength(1);
  });
});

describe('PreviewCheck', () => {
  it('counts what the rule would have done with the stored samples', async () => {
    const m = await machine();
    await append(
      m,
      reports(240, (index) => (index % 60 < 25 ? 97 : 20), DISK),
    );
    await app.container.resolve(SealReports).run(systemScope(m.mspId));
    const preview = app.container.resolve(PreviewCheck);
    const rule = {
      metric: 'filesystem.used_percent',
      labels: {},
      comparison: 'above' as const,
      threshold: 90,
      recoverThreshold: 85,
    };
    expect(await preview.run(staffScope(m.mspId), { ...rule, forSeconds: 600 })).toMatchObject({
      fired: 4,
      assets: 1,
      series: 1,
    });
    expect((await preview.run(staffScope(m.mspId), { ...rule, forSeconds: 900 })).fired).toBe(0);
    expect((await preview.run(staffScope(m.mspId), { ...rule, labels: { mount: '/var' }, forSeconds: 0 })).series).toBe(
      0,
    );
  });
});
