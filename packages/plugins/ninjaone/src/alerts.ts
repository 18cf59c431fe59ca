import { defineStream } from '@bailiwick/sdk';
import { instant, row, rows, text, type Row } from './api.ts';
import { instance } from './connection.ts';

export const alerts = defineStream(instance, {
  name: 'alerts',
  label: 'Alerts',
  entity: 'alert',
  // NinjaOne lists what is triggered: what is no longer listed was reset.
  mode: 'full',
  comesAndGoes: true,
  grain: 'connection',
  every: 'PT2M',
  async *read(ctx) {
    const upserts = [];
    for (const alert of rows(await ctx.http.get('alerts'))) {
      const [id, deviceId] = [text(alert['uid']), text(alert['deviceId'])];
      if (id === undefined || deviceId === undefined) continue;
      const device = row(alert['device'] ?? (await ctx.http.get(`device/${deviceId}`)));
      upserts.push({ id, scope: String(device['organizationId']), data: toAlert(alert, deviceId, ctx.now) });
    }
    yield { upserts };
  },
});

function toAlert({ severity, subject, message, createTime, sourceType }: Row, device: string, now: string) {
  const grade = text(severity) ?? '';
  return {
    device,
    title: text(subject) ?? text(message) ?? 'Alert',
    message: text(message, 10_000),
    severity: /MAJOR|CRITICAL/u.test(grade) ? 'critical' : /NONE|MINOR/u.test(grade) ? 'info' : 'warning',
    state: 'open',
    openedAt: instant(createTime) ?? now,
    labels: { sourceType: text(sourceType) ?? '' },
  } as const;
}
