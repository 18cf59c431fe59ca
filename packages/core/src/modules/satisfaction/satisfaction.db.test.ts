import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, Id, MspId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import { makeLogger } from '#platform/log';
import { SettingsToken } from '#platform/settings-token';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ratings } from '../../composition/doors.ts';
import { ContactQueries } from '../tenancy/contact-queries.ts';
import { createContactInput, SaveContact, updateContactInput } from '../tenancy/save-contact.ts';
import { OpenTicket, openTicketInput } from '../tickets/open-ticket.ts';
import { TicketQueries } from '../tickets/ticket-queries.ts';
import { UpdateTicket } from '../tickets/update-ticket.ts';
import { AskForRating } from './ask-for-rating.ts';
import { RateByLink, ratingIdSchema } from './rate-by-link.ts';
import { listRatingsInput, RatingQueries } from './rating-queries.ts';
import { RatingSetting } from './rating-setting.ts';
import { satisfactionOf } from './score.ts';

let app: TestApp;
let mspId: MspId;
let clientId: ClientId;
let contactId: Id<'contact'>;
let door: Hono;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 1 });
  mspId = built.mspId;
  clientId = built.clientIds[0]!;
  const { container } = app;
  const contact = createContactInput.parse({ clientId, name: 'Bo <b>', email: 'bo@client.example' });
  ({ contactId } = await container.resolve(SaveContact).create(staffScope(mspId), contact));
  door = ratings({ container, settings: container.resolve(SettingsToken), log: makeLogger('silent') });
});
afterAll(() => app[Symbol.asyncDispose]());

const scope = () => staffScope(mspId);
const setStatus = async (ticketId: Id<'ticket'>, status: 'resolved' | 'in-progress') => {
  const { version } = await app.container.resolve(TicketQueries).row(scope(), ticketId);
  await app.container.resolve(UpdateTicket).run(scope(), { ticketId, version, status });
  await app.container.resolve(AskForRating).afterChange(systemScope(mspId), ticketId);
};
const links = async (): Promise<string[]> => {
  const rows = await app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) =>
      tx.sql<{ body_text: string }>(
        `select body_text from mail_outbox where purpose = 'satisfaction.ask' order by created_at, id`,
      ),
    );
  return rows.map((row) => /\/rate\/([\w-]{43})\?score=5/.exec(row.body_text)?.[1] ?? expect.fail(row.body_text));
};
async function open(): Promise<Id<'ticket'>> {
  const input = openTicketInput.parse({ clientId, contactId, subject: 'Printer "on" <fire>', body: 'It smokes.' });
  return (await app.container.resolve(OpenTicket).run(scope(), input)).ticketId;
}
const post = (secret: string, form: Record<string, string>) =>
  door.request(`/${secret}`, { method: 'POST', body: new URLSearchParams(form) });
const said = async (ticketId: Id<'ticket'>) =>
  (await app.container.resolve(RatingQueries).ofTicket(scope(), ticketId)).map(({ score, comment }) => [
    score,
    comment,
  ]);

describe('asking and rating', () => {
  it('asks once for each resolution, when the MSP wants it, and no contact too often', async () => {
    const quiet = await open();
    await setStatus(quiet, 'resolved');
    expect(await links()).toEqual([]);
    await app.container.resolve(RatingSetting).set(scope(), { isOn: true, pauseDays: 1 });
    const ticketId = await open();
    await setStatus(ticketId, 'resolved');
    await app.container.resolve(AskForRating).afterChange(systemScope(mspId), ticketId);
    await setStatus(quiet, 'in-progress');
    await setStatus(quiet, 'resolved');
    expect(await links()).toHaveLength(1);
    app.clock.advance({ hours: 25 });
    await setStatus(ticketId, 'in-progress');
    await setStatus(ticketId, 'resolved');
    expect(await links()).toHaveLength(2);
    expect(await said(ticketId)).toEqual([
      [null, ''],
      [null, ''],
    ]);
  });

  it('records nothing by being looked at, and what is sent once, however often it is sent', async () => {
    const secret = (await links())[0]!;
    const page = await door.request(`/${secret}?score=5`);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('value="5" required checked');
    expect(html).toContain('Printer &quot;on&quot; &lt;fire&gt;');
    expect(html).not.toContain('<fire>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { items } = await app.container.resolve(RatingQueries).list(scope(), listRatingsInput.parse({}));
    expect(items).toEqual([]);
    for (let times = 0; times < 3; times += 1) expect((await post(secret, { score: '4' })).status).toBe(200);
    expect((await post(secret, { score: '4', comment: '<script>x</script>' })).status).toBe(200);
    // A click that comes after the words takes none of them away.
    await post(secret, { score: '2' });
    const rated = await app.container.resolve(RatingQueries).list(scope(), listRatingsInput.parse({ maxScore: 2 }));
    expect(rated.items).toMatchObject([{ score: 2, comment: '<script>x</script>', contactName: 'Bo <b>' }]);
    expect(await (await door.request(`/${secret}`)).text()).toContain('&lt;script&gt;x&lt;/script&gt;</textarea>');
  });

  it('speaks the contact’s language, then the MSP’s, and to a guest that of their browser', async () => {
    const secret = (await links())[0]!;
    const pageIn = async (language: 'de' | 'es' | null): Promise<string> => {
      const { version } = await app.container.resolve(ContactQueries).get(scope(), contactId);
      const change = updateContactInput.parse({ contactId, language, version });
      await app.container.resolve(SaveContact).update(scope(), change);
      return (await door.request(`/${secret}`, { headers: { 'accept-language': 'fr' } })).text();
    };
    const german = await pageIn('de');
    for (const words of ['<html lang="de">', 'Wie zufrieden sind Sie?', '</span>Ausgezeichnet</label>', '>Senden<'])
      expect(german).toContain(words);
    expect(german).not.toMatch(/How did we do|Anything to add|Thank you/);
    expect(await (await post(secret, { score: '9' })).text()).toContain('Wählen Sie eines der fünf Gesichter');
    expect(await pageIn('es')).toContain('<html lang="es">');
    expect(await pageIn(null)).toContain('<html lang="en">');
    const guest = await door.request('/x', { headers: { 'accept-language': 'fr-CH, fr;q=0.9, en;q=0.8' } });
    expect(await guest.text()).toMatch(/<html lang="fr">.*Ce lien ne mène nulle part/s);
  });

  it('refuses what is no rating, and takes a change for a week', async () => {
    const secret = (await links())[0]!;
    for (const form of [{ score: '6' }, { score: '0' }, { score: '1.5' }, { score: 'x' }, {}])
      expect((await post(secret, form as Record<string, string>)).status).toBe(409);
    expect((await post(secret, { score: '3', comment: 'x'.repeat(2001) })).status).toBe(409);
    expect((await post(secret, { score: '3', comment: 'x'.repeat(20_000) })).status).toBe(413);
    app.clock.advance({ hours: 24 * 7 + 1 });
    expect((await post(secret, { score: '5' })).status).toBe(409);
    expect(await (await door.request(`/${secret}?score=5`)).text()).toContain('more than a week ago');
    const from = app.clock.now().subtract({ hours: 24 * 60 });
    expect(await app.container.resolve(RatingQueries).summary(scope(), { from, to: app.clock.now() })).toEqual({
      asked: 2,
      answered: 1,
      satisfied: 0,
      satisfiedPercent: 0,
      byScore: [0, 1, 0, 0, 0],
    });
  });

  it('answers a forged link as one that never was, and stops who guesses', async () => {
    const forged = (await links())[0]!.split('').toReversed().join('');
    for (const secret of [forged, 'x', '..%2f..%2fetc', `${forged}x`])
      expect((await door.request(`/${secret}`)).status).toBe(404);
    expect((await post(forged, { score: '5' })).status).toBe(404);
    const statuses = new Set<number>();
    for (let times = 0; times < 70; times += 1) statuses.add((await door.request(`/${forged}`)).status);
    expect(statuses).toContain(429);
  });
});

describe('the portal', () => {
  it('shows and takes what the contact was asked, and nobody else’s', async () => {
    app.clock.advance({ hours: 24 * 8 });
    const ticketId = await open();
    await setStatus(ticketId, 'resolved');
    const queries = app.container.resolve(RatingQueries);
    const own = contactScope(mspId, clientId, contactId);
    const asked = await queries.ofContact(own, ticketId);
    expect(asked).toMatchObject({ score: null, isChangeable: true });
    const rate = (scope: ReturnType<typeof contactScope>) =>
      app.container.resolve(RateByLink).rate(scope, ratingIdSchema.parse(asked?.id), { score: 5, comment: 'Quick' });
    const colleague = contactScope(mspId, clientId);
    expect(await queries.ofContact(colleague, ticketId)).toBeNull();
    await expect(rate(colleague)).rejects.toMatchObject({ code: 'satisfaction.rating-not-found' });
    await rate(own);
    expect(await said(ticketId)).toEqual([[5, 'Quick']]);
    app.clock.advance({ hours: 24 * 8 });
    expect(await queries.ofContact(own, ticketId)).toMatchObject({ score: 5, isChangeable: false });
    const to = app.clock.now().toString();
    const from = app.clock.now().subtract({ hours: 24 }).toString();
    expect((await queries.list(scope(), listRatingsInput.parse({ from, to }))).items).toEqual([]);
  });
});

describe('satisfactionOf', () => {
  it.each([
    [0, [0, 0, 0, 0, 0], null],
    [9, [0, 0, 0, 0, 0], null],
    [3, [1, 0, 0, 1, 1], 67],
    [10, [0, 0, 5, 0, 0], 0],
  ])('of %j asked who said %j is %j', (asked, byScore, percent) => {
    expect(satisfactionOf(asked, byScore)).toMatchObject({ asked, satisfiedPercent: percent });
  });
});
