import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CPU, DISK, machinesOf } from '../../../../../test/support/machines.ts';
import { staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { AlertQueries } from '#modules/alerts';
import { ChangeChecks } from './change-checks.ts';
import { CheckQueries } from './check-queries.ts';
import { PreviewCheck } from './preview-check.ts';
import { SealReports } from './seal-reports.ts';
import { SweepChecks } from './sweep-checks.ts';

let app: TestApp;
let machines: ReturnType<typeof machinesOf>;
beforeAll(async () => {
  app = await startTestApp();
  machines = machinesOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

describe('EvaluateChecks', () => {
  it('raises one alert when a value was bad for long enough, and recovers it, over a restart', async () => {
    const m = await machines.machine();
    const all = machines.reports(30, (index) => (index < 25 ? 95 : 80), DISK);
    for (const report of all.slice(0, 20)) await machines.append(m, [report]);
    expect(await machines.activeAlerts(m)).toEqual([]);
    await machines.append(m, all.slice(20, 25));
    const [alert] = await machines.activeAlerts(m);
    expect(alert).toMatchObject({
      title: 'File system nearly full',
      severity: 'critical',
      assetName: 'server-1',
      series: DISK,
      value: 95,
    });
    expect(alert?.openedAt).toBe(all[20]?.at.toString());
    await machines.append(m, all.slice(25));
    expect(await machines.activeAlerts(m)).toEqual([]);
    expect(
      (await app.container.resolve(AlertQueries).get(staffScope(m.mspId), alert?.id as never)).timeline.map(
        (event) => event.kind,
      ),
    ).toEqual(['recovered', 'raised']);
  });

  it('raises nothing for reports that come after newer ones', async () => {
    const m = await machines.machine();
    const all = machines.reports(40, (index) => (index < 30 ? 99 : 10), DISK);
    await machines.append(m, all.slice(30));
    await machines.append({ ...m, epoch: crypto.randomUUID() }, all.slice(0, 30));
    expect(await machines.activeAlerts(m)).toEqual([]);
  });

  it('holds a client and a machine to their own thresholds', async () => {
    const m = await machines.machine();
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
    await machines.append(
      m,
      machines.reports(1, () => 60, DISK),
    );
    expect(await machines.activeAlerts(m)).toHaveLength(1);
    const { overrideId } = await changes.setOverride(scope, {
      checkId: disk.id as never,
      clientId: m.clientId,
      assetId: m.assetId,
      isEnabled: false,
    });
    app.clock.advance({ seconds: 30 });
    await machines.append(m, [{ sequence: 2, at: app.clock.now(), series: [DISK], values: [60] }]);
    expect(await machines.activeAlerts(m)).toEqual([]);
    await changes.deleteOverride(scope, overrideId);
    app.clock.advance({ seconds: 30 });
    await machines.append(m, [{ sequence: 3, at: app.clock.now(), series: [DISK], values: [60] }]);
    expect(await machines.activeAlerts(m)).toHaveLength(1);
    await changes.delete(scope, disk.id as never);
    expect(await machines.activeAlerts(m)).toEqual([]);
  });
});

describe('SweepChecks', () => {
  it('raises an alert for a machine that fell silent, and recovers it with its next report', async () => {
    const m = await machines.machine();
    await machines.append(
      m,
      machines.reports(1, () => 1),
    );
    const sweep = app.container.resolve(SweepChecks);
    for (let minute = 0; minute < 5; minute += 1) {
      await sweep.run(systemScope(m.mspId));
      expect(await machines.activeAlerts(m)).toEqual([]);
      app.clock.advance({ minutes: 1 });
    }
    await sweep.run(systemScope(m.mspId));
    await sweep.run(systemScope(m.mspId));
    expect((await machines.activeAlerts(m)).map((alert) => alert.title)).toEqual(['Agent not reporting']);
    await machines.append(m, [{ sequence: 2, at: app.clock.now(), series: [CPU], values: [1] }]);
    expect(await machines.activeAlerts(m)).toEqual([]);
  });

  it('gives machines their full time after the server itself was away', async () => {
    const m = await machines.machine();
    await machines.append(
      m,
      machines.reports(1, () => 1),
    );
    const sweep = app.container.resolve(SweepChecks);
    await sweep.run(systemScope(m.mspId));
    app.clock.advance({ hours: 2 });
    await sweep.run(systemScope(m.mspId));
    expect(await machines.activeAlerts(m)).toEqual([]);
    for (let minute = 0; minute < 5; minute += 1) {
      app.clock.advance({ minutes: 1 });
      await sweep.run(systemScope(m.mspId));
    }
    expect(await machines.activeAlerts(m)).toHaveLength(1);
  });
});

describe('PreviewCheck', () => {
  it('counts what the rule would have done with the stored samples', async () => {
    const m = await machines.machine();
    await machines.append(
      m,
      machines.reports(240, (index) => (index % 60 < 25 ? 97 : 20), DISK),
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
