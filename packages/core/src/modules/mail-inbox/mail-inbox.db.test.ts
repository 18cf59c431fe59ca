import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  startTestApp,
  staffScope,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ScopedDb } from '../../platform/db/scoped-db.ts';
import type { MspId } from '../../kernel/id.ts';
import { HandleInbound } from './handle-inbound.ts';
import { InboundQueries } from './inbound-queries.ts';
import { InboundMailHandlerToken } from './inbound-mail-handler-token.ts';
import type { InboundMail, InboundOutcome } from './mail-inbox-needs.ts';
import type { MailboxId } from './mail-inbox-table.ts';
import { SaveMailbox } from './save-mailbox.ts';
import { StoreMail } from './store-mail.ts';

let app: TestApp;
let owner: pg.Pool;
let mspId: MspId;
let mailboxId: MailboxId;
let key = 0;
let handle: (mail: InboundMail) => Promise<InboundOutcome>;

beforeAll(async () => {
  app = await startTestApp();
  owner = new pg.Pool({ connectionString: app.database.urls.owner, max: 1 });
  owner.on('error', () => {});
  app.container.register(InboundMailHandlerToken, { useValue: { handle: (_scope, mail) => handle(mail) } });
});
afterAll(async () => {
  await owner.end();
  await app[Symbol.asyncDispose]();
});
beforeEach(async () => {
  ({ mspId } = await buildMsp(app));
  ({ mailboxId } = await app.container.resolve(SaveMailbox).create(staffScope(mspId), {
    name: 'Support',
    address: `support@${mspId}.example`,
    settings: { kind: 'smtp' },
    secrets: {},
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  }));
  handle = async () => ({ kind: 'ignored', reason: 'Seen.' });
});

function store(text: string, transportKey = `smtp:${(key += 1)}`) {
  const raw = Buffer.from(`Subject: ${text}\r\n\r\n${text}\r\n`);
  return app.container
    .resolve(StoreMail)
    .run(systemScope(mspId), { mailboxId, transportKey, raw, receivedAt: app.clock.now() });
}
const work = () => app.container.resolve(HandleInbound).run(systemScope(mspId));

async function states(): Promise<Record<string, string>> {
  const { rows } = await owner.query<{ state: string; text: string }>(
    `select state, convert_from(content, 'UTF8') as text from mail_inbound join mail_inbound_raw r on r.mail_id = id where mailbox_id = $1`,
    [mailboxId],
  );
  return Object.fromEntries(rows.map((row) => [row.text.split('\r\n').at(-2), row.state]));
}

describe('StoreMail', () => {
  it('keeps a mail once, by its key and by its bytes, also when ten store it together', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => store('same', 'smtp:same')));
    expect(results.filter((result) => result.isNew)).toHaveLength(1);
    expect(new Set(results.map((result) => result.mailId)).size).toBe(1);
    expect(await store('same', 'smtp:other')).toMatchObject({ isNew: false, mailId: results[0]?.mailId });
    expect(await store('other', 'smtp:same')).toMatchObject({ isNew: false, mailId: results[0]?.mailId });
  });

  it('keeps bytes of any size and value as they came', async () => {
    const raw = Buffer.alloc(9 * 1024 * 1024 + 7);
    for (let at = 0; at < raw.length; at += 1) raw[at] = (at * 31) % 256;
    const { mailId } = await app.container
      .resolve(StoreMail)
      .run(systemScope(mspId), { mailboxId, transportKey: 'big', raw, receivedAt: app.clock.now() });
    const mail = await app.container.resolve(InboundQueries).get(systemScope(mspId), mailId);
    expect(mail.raw.equals(raw)).toBe(true);
  });
});

describe('HandleInbound', () => {
  it('hands each mail over once, whatever its neighbours do, and quarantines the bad one with the error', async () => {
    const seen: string[] = [];
    handle = async (mail) => {
      const text = mail.raw.toString();
      if (text.includes('bad')) throw new Error('This one cannot be read.');
      seen.push(text);
      return { kind: 'ignored', reason: 'Seen.' };
    };
    for (const text of ['first', 'bad', 'second']) await store(text);
    for (let round = 0; round < 10; round += 1) {
      await Promise.all([work(), work(), work()]);
      app.clock.advance({ hours: 13 });
    }
    expect(seen).toHaveLength(2);
    expect(await states()).toEqual({ first: 'ignored', second: 'ignored', bad: 'quarantined' });
    const { rows } = await owner.query('select reason, attempts from mail_inbound where state = $1', ['quarantined']);
    expect(rows).toEqual([{ reason: 'It could not be handled: This one cannot be read.', attempts: 8 }]);
  });

  it('rolls back what a handler wrote when it fails after writing', async () => {
    const db = app.container.resolve(ScopedDb);
    let tries = 0;
    app.container.register(InboundMailHandlerToken, {
      useValue: {
        handle: (scope) =>
          db.transaction(scope, async (tx) => {
            await tx.sql(`update mail_mailbox set default_queue = coalesce(default_queue, '') || 'x' where id = $1`, [
              mailboxId,
            ]);
            tries += 1;
            if (tries === 1) throw new Error('Cut short.');
            return { kind: 'ignored', reason: 'Seen.' } as const;
          }),
      },
    });
    await store('once');
    await work();
    app.clock.advance({ minutes: 1 });
    await work();
    const { rows } = await owner.query('select default_queue from mail_mailbox where id = $1', [mailboxId]);
    expect(rows).toEqual([{ default_queue: 'x' }]);
    app.container.register(InboundMailHandlerToken, { useValue: { handle: (_scope, mail) => handle(mail) } });
  });

  it('takes over from a worker that died, only after its lease, and gives up on a mail that ends every worker', async () => {
    await store('deadly');
    const taken: number[] = [];
    app.container.register(InboundMailHandlerToken, {
      useValue: {
        prepare: (_scope, mail) => {
          taken.push(mail.attempt);
          return new Promise<never>(() => {});
        },
        handle: async () => ({ kind: 'ignored', reason: 'Seen.' }),
      },
    });
    for (let death = 1; death <= 8; death += 1) {
      void work();
      await expect.poll(() => taken.length).toBe(death);
      app.clock.advance({ seconds: 10 });
      expect(await work()).toBe(0);
      app.clock.advance({ seconds: 10 });
    }
    expect(await work()).toBe(1);
    expect(await states()).toEqual({ deadly: 'quarantined' });
    expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    app.container.register(InboundMailHandlerToken, { useValue: { handle: (_scope, mail) => handle(mail) } });
  });
});

describe('SaveMailbox', () => {
  const fields = {
    name: 'Desk',
    address: 'desk@northgate.example',
    settings: {
      kind: 'imap' as const,
      host: 'imap.northgate.example',
      port: 993,
      security: 'tls' as const,
      user: 'desk',
      signIn: { kind: 'password' as const },
      folder: 'INBOX',
      startWith: 'new' as const,
      afterwards: { action: 'seen' as const, folder: null },
    },
    secrets: { password: 'hunter2' },
    trustedAuthservId: null,
    defaultClientId: null,
    defaultQueue: null,
  };
  const save = () => app.container.resolve(SaveMailbox);

  it('seals the password, and has it entered again when it would go elsewhere', async () => {
    const scope = staffScope(mspId);
    const { mailboxId: id } = await save().create(scope, fields);
    const { rows } = await owner.query<{ sealed: Buffer }>(
      'select sealed from mail_mailbox_secret where mailbox_id = $1',
      [id],
    );
    expect(rows[0]?.sealed.includes('hunter2')).toBe(false);
    const moved = { ...fields, secrets: {}, settings: { ...fields.settings, host: 'imap.evil.example' } };
    await expect(save().update(scope, { ...moved, mailboxId: id, version: 1 })).rejects.toMatchObject({
      code: 'mail-inbox.secret-missing',
      fields: [{ path: ['secrets', 'password'] }],
    });
    await save().update(scope, { ...fields, name: 'Service desk', secrets: {}, mailboxId: id, version: 1 });
    await expect(save().update(scope, { ...fields, mailboxId: id, version: 1 })).rejects.toMatchObject({
      code: 'mail-inbox.mailbox-changed',
    });
    const { rows: trail } = await owner.query<{ text: string }>(
      `select row_to_json(e)::text as text from audit_entry e where msp_id = $1`,
      [mspId],
    );
    expect(trail.some(({ text }) => text.includes('desk@northgate.example'))).toBe(true);
    expect(trail.some(({ text }) => text.includes('hunter2'))).toBe(false);
  });

  it('refuses an address twice, a mailbox without its password, and somebody of one client', async () => {
    const scope = staffScope(mspId);
    await expect(save().create(scope, { ...fields, secrets: {} })).rejects.toMatchObject({
      code: 'mail-inbox.secret-missing',
    });
    await save().create(scope, fields);
    await expect(save().create(scope, fields)).rejects.toMatchObject({ code: 'mail-inbox.address-taken' });
    const other = await buildMsp(app);
    const listened = { ...fields, settings: { kind: 'smtp' as const }, address: `support@${mspId}.example` };
    await expect(save().create(staffScope(other.mspId), listened)).rejects.toMatchObject({
      code: 'mail-inbox.address-taken',
    });
    const narrow = staffScope(mspId, { kind: 'only', clientIds: other.clientIds });
    await expect(save().create(narrow, fields)).rejects.toMatchObject({ code: 'scope.needs-all-clients' });
    await expect(
      app.container.resolve(InboundQueries).mailbox(contactScope(mspId, other.clientIds[0]!), mailboxId),
    ).rejects.toMatchObject({ code: 'mail-inbox.mailbox-not-found' });
  });
});
