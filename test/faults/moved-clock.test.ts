import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RecordInventory } from '../../packages/core/src/modules/assets/record-inventory.ts';
import { AppendSamples } from '../../packages/core/src/modules/monitoring/append-samples.ts';
import { MetricQueries, rangeInput } from '../../packages/core/src/modules/monitoring/metric-queries.ts';
import { CommentOnTicket } from '../../packages/core/src/modules/tickets/comment-on-ticket.ts';
import { OpenTicket, openTicketInput } from '../../packages/core/src/modules/tickets/open-ticket.ts';
import { TicketQueries } from '../../packages/core/src/modules/tickets/ticket-queries.ts';
import { buildMsp, staffScope, startTestApp, systemScope } from '../support/test-app.ts';

describe('a clock that was moved', () => {
  it('numbers tickets on and keeps their conversation, whether it went back a day or on a year', async () => {
    await using app = await startTestApp();
    const { mspId, clientIds } = await buildMsp(app);
    const scope = staffScope(mspId);
    const open = (subject: string) =>
      app.container.resolve(OpenTicket).run(scope, openTicketInput.parse({ clientId: clientIds[0], subject }));
    const first = await open('before');
    app.clock.advance({ hours: -24 });
    const second = await open('a day back');
    await app.container
      .resolve(CommentOnTicket)
      .reply(scope, { ticketId: first.ticketId, body: 'yesterday', fileIds: [] });
    app.clock.advance({ hours: 24 * 366 });
    const third = await open('a year on');
    await app.container
      .resolve(CommentOnTicket)
      .reply(scope, { ticketId: first.ticketId, body: 'next year', fileIds: [] });
    expect([first, second, third].map(({ number }) => number)).toEqual([
      first.number,
      first.number + 1,
      first.number + 2,
    ]);
    const row = await app.container.resolve(TicketQueries).row(scope, first.ticketId);
    expect(row).toMatchObject({ version: 3, status: 'in-progress' });
  });

  it('refuses samples from what the server takes for the future, and stores them once when they are sent again', async () => {
    await using app = await startTestApp();
    const { mspId, clientIds } = await buildMsp(app);
    const [clientId] = clientIds;
    if (clientId === undefined) throw new Error('one client was made');
    const scope = systemScope(mspId);
    const { assetId } = await app.container
      .resolve(RecordInventory)
      .identify(scope, { clientId, source: 'agent', name: 'srv-01', evidence: { sourceKey: 'a' } });
    if (assetId === null) throw new Error('the machine is new');
    const truth = app.clock.now();
    const stream = { clientId, assetId, epoch: randomUUID() };
    const report = (sequence: number, minutes: number) => ({
      sequence,
      at: truth.add({ minutes }),
      series: ['cpu.usage_percent'],
      values: [sequence],
    });
    const append = (...reports: ReturnType<typeof report>[]) =>
      app.container.resolve(AppendSamples).run(scope, { ...stream, reports });
    expect(await append(report(1, 0))).toMatchObject({ stored: 1 });
    app.clock.advance({ hours: -2 });
    const refused = await append(report(2, 1), report(3, 2));
    expect(refused.stored).toBe(0);
    expect(refused.refused.map(({ code }) => code)).toEqual(
      Array.from({ length: 2 }, () => 'monitoring.sample-from-future'),
    );
    app.clock.set(truth.add({ minutes: 3 }));
    expect(await append(report(2, 1), report(3, 2))).toMatchObject({ stored: 2, refused: [] });
    expect(await append(report(2, 1), report(3, 2))).toMatchObject({ stored: 0 });
    const range = await app.container.resolve(MetricQueries).range(
      scope,
      rangeInput.parse({
        assetId,
        series: ['cpu.usage_percent'],
        from: truth.subtract({ minutes: 5 }).toString(),
        to: truth.add({ minutes: 5 }).toString(),
      }),
    );
    expect(range.series[0]?.mean.filter((value) => value !== null)).toEqual([1, 2, 3]);
  });
});
