import { defineStream } from '@bailiwick/sdk';
import { instant, row, rows, text, type NinjaContext, type Row } from './api.ts';
import { instance } from './connection.ts';

export const alerts = defineStream(instance, {
  name: 'alerts',
  label: 'Alerts',
  entity: 'alert',
  mode: 'incremental',
  grain: 'connection',
  every: 'PT2M',
  async *read(ctx) {
    const before = await readOpen(ctx);
    const upserts = [];
    for (const alert of rows(await ctx.http.get('alerts'))) {
      const [id, deviceId] = [text(alert['uid']), text(alert['deviceId'])];
      if (id === undefined || deviceId === undefined) continue;
      const device = row(alert['device'] ?? (await ctx.http.get(`device/${deviceId}`)));
      upserts.push({ id, scope: String(device['organizationId']), data: toAlert(alert, deviceId, ctx.now) });
    }
    // NinjaOne lists what is triggered: what is no longer listed was reset. Both are remembered until the ends are written.
    const open = new Set(upserts.map(({ id }) => id));
    const deletes = before.filter(({ id }) => !open.has(id));
    await writeOpen(ctx, [...upserts, ...deletes]);
    yield { upserts, deletes };
    await writeOpen(ctx, upserts);
    yield { upserts: [], cursor: ctx.now };
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

type Open = readonly { readonly id: string; readonly scope: string }[];

// Eight hundred UUIDs with the number of their organisation stay within the 64 KiB of one value.
const perValue = 800;

async function readOpen(ctx: NinjaContext): Promise<Open> {
  const open = [];
  for (let page = 0; open.length === page * perValue; page += 1)
    open.push(...((await ctx.state?.get<Open>(`open-${page}`)) ?? []));
  return open;
}

async function writeOpen(ctx: NinjaContext, upserts: Open): Promise<void> {
  const open = upserts.map(({ id, scope }) => ({ id, scope }));
  for (let page = 0; page * perValue <= open.length; page += 1)
    await ctx.state?.set(`open-${page}`, open.slice(page * perValue, (page + 1) * perValue));
}
