import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildMsp, staffScope, startTestApp, systemScope, type TestApp } from '../../../../../test/support/test-app.ts';
import { ScopedDb } from '../../platform/db/scoped-db.ts';
import type { MspId } from '../../kernel/id.ts';
import { InboundQueries } from './inbound-queries.ts';
import { MailKeeping, setMailKeepingInput } from './mail-keeping.ts';
import type { InboundMailId } from './mail-inbox-table.ts';
import { PruneMails } from './prune-mails.ts';
import { SaveMailbox } from './save-mailbox.ts';
import { SettleInbound } from './settle-inbound.ts';
import { StoreMail } from './store-mail.ts';

describe('PruneMails', () => {
  let app: TestApp;
  let owner: pg.Pool;
  let mspId: MspId;
  const mails = new Map<string, InboundMailId>();
  beforeAll(async () => {
    app = await startTestApp();
    owner = new pg.Pool({ connectionString: app.database.urls.owner, max: 1 });
    owner.on('error', () => {});
    ({ mspId } = await buildMsp(app));
    const { mailboxId } = await app.container.resolve(SaveMailbox).create(staffScope(mspId), {
      name: 'Support',
      address: `support@${mspId}.example`,
      settings: { kind: 'smtp' },
      secrets: {},
      trustedAuthservId: null,
      defaultClientId: null,
      defaultQueue: null,
    });
    const now = app.clock.now();
    for (const [state, days] of [
      ['placed', 100],
      ['ignored', 100],
      ['placed', 80],
      ['quarantined', 100],
      ['quarantined', 400],
      ['waiting', 400],
    ] as const) {
      const name = `${state} ${days}`;
      const raw = Buffer.from(`Subject: ${name}\r\n\r\n${name}\r\n`);
      const receivedAt = now.subtract({ hours: days * 24 });
      const input = { mailboxId, transportKey: name, raw, receivedAt };
      const { mailId } = await app.container.resolve(StoreMail).run(systemScope(mspId), input);
      await owner.query('update mail_inbound set state = $2, settled_at = $3 where id = $1', [
        mailId,
        state,
        state === 'waiting' ? null : receivedAt.toString(),
      ]);
      mails.set(name, mailId);
    }
  });
  afterAll(async () => {
    await owner.end();
    await app[Symbol.asyncDispose]();
  });

  const kept = async () => {
    const { rows } = await owner.query<{ text: string }>(
      `select convert_from(content, 'UTF8') as text from mail_inbound_raw where msp_id = $1`,
      [mspId],
    );
    return rows.map(({ text }) => text.split('\r\n').at(-2) ?? '').toSorted((a, b) => a.localeCompare(b));
  };
  const prune = () => app.container.resolve(PruneMails).run(systemScope(mspId));
  const keep = (settledDays: number | null, quarantinedDays: number | null, version: number) =>
    app.container
      .resolve(MailKeeping)
      .set(staffScope(mspId), setMailKeepingInput.parse({ settledDays, quarantinedDays, version }));
  const idOf = (name: string) => mails.get(name) as InboundMailId;

  it('takes away what is older than 90 days, of what waits for a decision a year, and never what waits to be handled', async () => {
    expect(await prune()).toBe(3);
    expect(await kept()).toEqual(['placed 80', 'quarantined 100', 'waiting 400']);
    expect(await prune()).toBe(0);
    const { rows } = await owner.query('select count(*)::int as count from mail_inbound where msp_id = $1', [mspId]);
    expect(rows).toEqual([{ count: 6 }]);
  });

  it('says of such a mail that it is kept no more, and has it neither handled again nor decided about', async () => {
    const gone = { code: 'mail-inbox.mail-not-kept' };
    await expect(
      app.container.resolve(InboundQueries).get(staffScope(mspId), idOf('placed 100')),
    ).rejects.toMatchObject(gone);
    const settle = app.container.resolve(SettleInbound);
    const change = (work: 'tryAgain' | 'takeBack', name: string) =>
      app.container
        .resolve(ScopedDb)
        .transaction(staffScope(mspId), (tx) => settle[work](tx, idOf(name), 'Looked again.'));
    await expect(change('tryAgain', 'quarantined 400')).rejects.toMatchObject(gone);
    await expect(change('takeBack', 'ignored 100')).rejects.toMatchObject(gone);
  });

  it('keeps them as long as the MSP says, or for ever', async () => {
    expect(() => setMailKeepingInput.parse({ settledDays: 90, quarantinedDays: 30, version: 0 })).toThrow(/shorter/);
    expect(() => setMailKeepingInput.parse({ settledDays: 0, quarantinedDays: 30, version: 0 })).toThrow(/1 to 3650/);
    await keep(null, null, 0);
    expect(await prune()).toBe(0);
    await expect(keep(30, 60, 0)).rejects.toMatchObject({ code: 'mail-inbox.keeping-changed' });
    await keep(30, 60, 1);
    expect(await prune()).toBe(2);
    expect(await kept()).toEqual(['waiting 400']);
  });
});
