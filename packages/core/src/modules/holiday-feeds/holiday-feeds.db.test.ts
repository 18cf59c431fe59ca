import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { AuditTrail } from '#modules/audit';
import { SlaCalendars, type SlaCalendarId } from '#modules/sla';
import { ScopedDb } from '#platform/db/scoped-db';
import { FetchFeed } from './fetch-feed.ts';
import { HolidayFeeds, subscribeInput } from './holiday-feeds.ts';

const HOST = 'feeds.test';
let app: TestApp;
let desk: SlaDesk;
let server: Server;
let ca: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let calendarId: SlaCalendarId;
let url: string;
beforeAll(async () => {
  app = await startTestApp();
  const pair = certificate();
  ca = pair.cert;
  server = createServer(pair, (request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://${HOST}:${(server.address() as AddressInfo).port}/holidays.ics`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await app[Symbol.asyncDispose]();
});
beforeEach(async () => {
  desk = await SlaDesk.build(app);
  ({ calendarId } = await desk.makeDefault());
});

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'feed-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...name], { stdio: 'ignore' });
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

/** The use case as composition makes it, with a name that leads to this test's server and an authority that vouches for it. */
function feeds(allowed: readonly string[] = ['127.0.0.0/8']): HolidayFeeds {
  const fetch = new FetchFeed({ allowed, ca: [ca], resolve: async () => ['127.0.0.1'] });
  return new HolidayFeeds({
    db: desk.resolve(ScopedDb),
    fetch,
    calendars: desk.resolve(SlaCalendars),
    audit: desk.resolve(AuditTrail),
    clock: app.clock,
  });
}

const ics = (...days: string[]): string =>
  [
    'BEGIN:VCALENDAR',
    ...days.flatMap((day) => ['BEGIN:VEVENT', `DTSTART;VALUE=DATE:${day}`, 'SUMMARY:Closed', 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n');
const calendar = async () => {
  const { holidays = [], version } = (await desk.resolve(SlaCalendars).list(desk.staff))[0]!;
  return { version, days: holidays.map(({ date }) => date) };
};
const subscribe = () => feeds().subscribe(desk.staff, subscribeInput.parse({ calendarId, url }));

describe('a calendar that follows a feed', () => {
  it('takes its days as a new version, asks by what it was told, and moves open tickets but no verdict', async () => {
    const asked: (string | undefined)[] = [];
    let days = ['20261123'];
    answer = (request, response) => {
      asked.push(request.headers['if-none-match']);
      const tag = `"${days.join()}"`;
      if (request.headers['if-none-match'] === tag) response.writeHead(304).end();
      else response.writeHead(200, { etag: tag }).end(ics(...days));
    };
    expect((await feeds().preview({ url })).holidays).toMatchObject([{ date: '2026-11-23', name: 'Closed' }]);
    expect(await calendar()).toEqual({ version: 1, days: [] });
    const id = await desk.open();
    await desk.reply(id);
    await subscribe();
    expect(await calendar()).toEqual({ version: 2, days: ['2026-11-23'] });
    const before = await desk.live(id);
    await desk.follow();
    const after = await desk.live(id);
    expect(after.response).toEqual(before.response);
    expect(after.resolution.dueAt).not.toBe(before.resolution.dueAt);
    await feeds().refresh(desk.staff, { calendarId });
    expect((await calendar()).version).toBe(2);
    days = ['20261123', '20261225'];
    desk.pass('PT25H');
    await feeds().refreshDue(systemScope(desk.mspId));
    expect(await calendar()).toEqual({ version: 3, days: ['2026-11-23', '2026-12-25'] });
    expect(asked).toEqual([undefined, undefined, '"20261123"', '"20261123"']);
    await feeds().unsubscribe(desk.staff, { calendarId });
    expect(await feeds().list(desk.staff)).toEqual([]);
    expect((await calendar()).days).toHaveLength(2);
  });

  it('keeps its days where the feed fails, and says why and since when it is right', async () => {
    answer = (_, response) => response.writeHead(200).end(ics('20261225'));
    await subscribe();
    const since = app.clock.now().toString();
    desk.pass('PT25H');
    const fails: [typeof answer, string][] = [
      [(_, response) => response.writeHead(500).end(), 'answered with status 500'],
      [(_, response) => response.writeHead(200).end('<html>'), 'Line 1'],
      [(_, response) => response.writeHead(200).end('x'.repeat(1_100_000)), '1000000'],
      [(_, response) => response.writeHead(302, { location: 'https://elsewhere.test/' }).end(), 'elsewhere.test'],
    ];
    for (const [failing, reason] of fails) {
      answer = failing;
      await expect(feeds().refresh(desk.staff, { calendarId })).rejects.toThrow();
      const [feed] = await feeds().list(desk.staff);
      expect(feed).toMatchObject({ succeededAt: since, holidays: 1, problemAt: app.clock.now().toString() });
      expect(feed?.problem?.replaceAll(/[ ,.]/g, '')).toContain(reason.replaceAll(/[ ,.]/g, ''));
    }
    expect(await calendar()).toEqual({ version: 2, days: ['2026-12-25'] });
  });

  it('is not led into the server’s own network, nor to anything but https', async () => {
    let isReached = false;
    answer = (_, response) => {
      isReached = true;
      response.writeHead(200).end(ics('20261225'));
    };
    await expect(feeds([]).preview({ url })).rejects.toMatchObject({ code: 'holiday-feeds.not-fetched' });
    expect(isReached).toBe(false);
    for (const bad of ['http://feeds.test/', 'file:///etc/passwd', 'https://u:p@feeds.test/', 'nonsense'])
      expect(subscribeInput.safeParse({ calendarId, url: bad }).error?.issues[0]?.path).toEqual(['url']);
    await expect(feeds([]).subscribe(desk.staff, { calendarId, url })).rejects.toThrow('MAIL_PRIVATE_HOSTS');
    expect(await feeds().list(desk.staff)).toEqual([]);
  });
});
