import { describe, expect, it } from 'vitest';
import { SettingsToken } from '#platform/settings-token';
import { TicketQueries } from '#modules/tickets';
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

describe('loadDemo', () => {
  it('tells a part of the story through the use cases', async () => {
    await using app = await startTestApp();
    const stage = await stageOn(app);
    const { mspId, logins, clients } = await loadDemo({
      ...stage,
      seed: '1',
      say: () => {},
      size: { clients: 1, tickets: 40 },
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
    expect(tickets.filter(({ source }) => source !== 'alert')).toHaveLength(40);
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
