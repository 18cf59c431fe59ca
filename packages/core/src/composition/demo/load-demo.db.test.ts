import { describe, expect, it } from 'vitest';
import { SettingsToken } from '#platform/settings-token';
import type { DependencyContainer } from 'tsyringe';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { TicketQueries, type TicketRow } from '#modules/tickets';
import { InvoiceQueries } from '#modules/billing';
import { buildMsp, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { makeContainer } from '../container.ts';
import { loadDemo } from './load-demo.ts';
import { StoryClock } from './story-clock.ts';

/** The same install under a clock that the story moves. */
async function stageOn({ container, pool, jobs, database }: TestApp) {
  const clock = new StoryClock(Temporal.Now.instant());
  const settings = container.resolve(SettingsToken);
  return { clock, container: await makeContainer({ pool, jobs, settings, clock, authUrl: database.urls.auth }) };
}

const MADE = {
  quarantine: 'mail_quarantine',
  stays: 'ola_stay',
  ratings: 'satisfaction_rating where score is not null',
  approvals: "approval where state = 'pending'",
  votes: 'knowledge_vote',
  runs: 'desk_rule_run',
  sheets: "time_sheet where state = 'approved'",
};

/** The desk is in the middle of its work: clocks in every state, mail that was placed and mail that waits, and something to say in each report. */
async function expectDesk(
  container: DependencyContainer,
  scope: TenantScope,
  tickets: readonly TicketRow[],
): Promise<void> {
  const now = Temporal.Now.instant();
  const open = tickets.filter(({ status }) => status !== 'resolved' && status !== 'closed');
  const isLate = open.map(({ next_breach_at: at }) => at !== null && Temporal.Instant.compare(at, now) < 0);
  expect(new Set(isLate)).toEqual(new Set([true, false]));
  expect(open.some((one) => one.status.startsWith('waiting') && one.next_breach_at === null)).toBe(true);
  expect(tickets.filter(({ source }) => source === 'mail').length).toBeGreaterThanOrEqual(2);
  const counts = Object.entries(MADE).map(([name, rows]) => `(select count(*)::int from ${rows}) ${name}`);
  const [made] = await container
    .resolve(ScopedDb)
    .transaction(scope, (tx) => tx.sql<Record<string, number>>(`select ${counts.join(', ')}`, []));
  expect(Object.entries(made ?? {}).filter(([, count]) => count === 0)).toEqual([]);
}

describe('loadDemo', () => {
  it('tells a part of the story through the use cases', async () => {
    await using app = await startTestApp();
    const stage = await stageOn(app);
    const { mspId, logins, clients } = await loadDemo({
      ...stage,
      seed: '1',
      say: () => {},
      size: { clients: 1, tickets: 30 },
    });
    const system = systemScope(mspId);
    expect(logins).toHaveLength(6);
    for (const { password, totpSecret } of logins) {
      expect(password).toHaveLength(12);
      expect(totpSecret).toMatch(/^[A-Z2-7]{16,}$/);
    }
    expect(clients[0]?.machines).toHaveLength(52);
    const { items: tickets } = await stage.container
      .resolve(TicketQueries)
      .rows(system, { tab: 'all', limit: 200 } as never);
    expect(tickets.filter(({ source }) => source !== 'alert').length).toBeGreaterThan(30);
    await expectDesk(stage.container, system, tickets);
    // Numbers follow the calendar.
    const byNumber = tickets.toSorted((a, b) => a.number - b.number);
    const byTime = byNumber.toSorted((a, b) => Temporal.Instant.compare(a.opened_at, b.opened_at));
    expect(byTime.map(({ number }) => number)).toEqual(byNumber.map(({ number }) => number));
    const { items: invoices } = await stage.container.resolve(InvoiceQueries).list(system, { limit: 50 } as never);
    expect(invoices).toHaveLength(6);
    expect(invoices.some(({ state }) => state === 'paid')).toBe(true);
  }, 90_000);

  it('refuses an install that has clients, and leaves it as it is', async () => {
    await using app = await startTestApp();
    await buildMsp(app, { clients: 1 });
    const begun: string[] = [];
    const begin = async (): Promise<void> => void begun.push('begun');
    const stage = { ...app, clock: new StoryClock(Temporal.Now.instant()) };
    await expect(loadDemo({ ...stage, seed: '1', say: () => {}, begin })).rejects.toMatchObject({
      code: 'demo.not-empty',
    });
    expect(begun).toEqual([]);
  });
});
