import { defineStream, type Json } from '@bailiwick/sdk';
import { listAlerts, type ScopedAlert, toRecord } from './alerts.ts';
import { api, type AlertmanagerContext } from './config.ts';
import { server, type Status } from './connection.ts';

export const alerts = defineStream(server, {
  name: 'alerts',
  label: 'Alerts',
  entity: 'alert',
  mode: 'incremental',
  grain: 'connection',
  every: 'PT1M',
  async *read(ctx) {
    const current = await listAlerts(ctx);
    const open = current.flatMap((alert) => toRecord(alert, ctx, { state: 'open' }));
    if (open.length < current.length)
      ctx.issues.raise({
        id: 'alerts-without-customer',
        severity: 'warning',
        title: `${current.length - open.length} alerts have no label "${ctx.config.scopeLabel}" and were left out.`,
        remedy: 'Add the label to the rules or to the targets that they come from.',
      });
    const before = await readOpen(ctx);
    const ids = new Set(open.map(({ id }) => id));
    const missing = before.filter(({ id }) => !ids.has(id));
    // After a restart Alertmanager knows only what Prometheus has sent since.
    const isComplete = missing.length === 0 || (await hasRunForMinutes(ctx));
    const recovered = isComplete ? missing.map((alert) => ({ ...alert, data: recover(alert, ctx.now) })) : [];
    const all = [...open, ...recovered];
    for (let start = 0; start < all.length; start += 500) yield { upserts: all.slice(start, start + 500) };
    await writeOpen(ctx, isComplete ? open : [...open, ...missing]);
    // Every pass reads the whole list; what this one came to is in the state.
    yield { upserts: [], cursor: ctx.now };
  },
});

const recover = ({ data }: ScopedAlert, now: string): ScopedAlert['data'] => ({
  ...data,
  state: 'recovered',
  recoveredAt: now,
});

async function hasRunForMinutes(ctx: AlertmanagerContext): Promise<boolean> {
  const { uptime } = await ctx.http.get<Status>(api(ctx, 'status'));
  if (uptime === undefined) return true;
  const settled = Temporal.Instant.from(uptime).add({ minutes: 5 });
  return Temporal.Instant.compare(settled, ctx.now) <= 0;
}

/** What was open when the last pass ended: Alertmanager does not list what is resolved. */
async function readOpen(ctx: AlertmanagerContext): Promise<readonly ScopedAlert[]> {
  const open: ScopedAlert[] = [];
  const count = (await ctx.state?.get<number>('open-pages')) ?? 0;
  for (let page = 0; page < count; page += 1)
    open.push(...((await ctx.state?.get<readonly ScopedAlert[]>(`open-${page}`)) ?? []));
  return open;
}

// One value of the state holds 64 KiB, all of them 1 MiB.
const [pageBytes, mostPages] = [60_000, 15];

/** Long messages are left out, so that some thousands fit; what does not fit recovers by webhook alone. */
async function writeOpen(ctx: AlertmanagerContext, open: readonly ScopedAlert[]): Promise<void> {
  const encoder = new TextEncoder();
  const pages: Json[][] = [];
  let free = 0;
  for (const { id, scope, data } of open) {
    const kept: Json = JSON.parse(
      JSON.stringify({ id, scope, data: { ...data, message: data.message?.slice(0, 200) } }),
    );
    const size = encoder.encode(JSON.stringify(kept)).length + 1;
    if (size > free) {
      pages.push([]);
      free = pageBytes;
    }
    pages.at(-1)?.push(kept);
    free -= size;
  }
  if (pages.length > mostPages)
    ctx.log.warn('Too many alerts are open to remember all of them.', { open: open.length });
  for (const [page, alerts] of pages.slice(0, mostPages).entries()) await ctx.state?.set(`open-${page}`, alerts);
  await ctx.state?.set('open-pages', Math.min(pages.length, mostPages));
}
