import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, MspId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import {
  buildMsp,
  contactScope,
  startTestApp,
  staffScope,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { AuditQueries } from './audit-queries.ts';
import { AuditTrail } from './audit-trail.ts';
import { ErasePayload } from './erase-payload.ts';
import { SealEntries } from './seal-entries.ts';
import { VerifyChain } from './verify-chain.ts';

let app: TestApp;
let admin: pg.Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = new pg.Client({ connectionString: app.database.superuserUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await app[Symbol.asyncDispose]();
});

/** An MSP whose trail holds what its making wrote and five entries about a client, all sealed. */
async function sealedTrail(): Promise<{ mspId: MspId; clientId: ClientId; ids: string[] }> {
  const { mspId, clientIds } = await buildMsp(app);
  const clientId = clientIds[0] as ClientId;
  for (let index = 0; index < 5; index += 1) await record(mspId, clientId, `Note ${index}`);
  await app.container.resolve(SealEntries).run(systemScope(mspId));
  const { items } = await app.container.resolve(AuditQueries).list(staffScope(mspId), { limit: 50 });
  return { mspId, clientId, ids: items.map((item) => item.id) };
}

async function record(
  mspId: MspId,
  clientId: ClientId | null,
  summary: string,
  isClientVisible = false,
): Promise<void> {
  await app.container.resolve(ScopedDb).transaction(staffScope(mspId), (tx) =>
    app.container.resolve(AuditTrail).record(tx, {
      action: 'test.note',
      subject: { kind: 'note', id: mspId, clientId },
      summary,
      before: { zebra: 1, apple: { nested: [1.5, 'ä', null], day: Temporal.PlainDate.from('2026-01-01') } },
      after: { password: 'hunter2', amount: 1e21 },
      isClientVisible,
    }),
  );
}

const verify = (mspId: MspId) => app.container.resolve(VerifyChain).run(systemScope(mspId));

/** Runs a statement as somebody who holds the database, past every right and trigger. */
async function tamper(statement: string, values: unknown[]): Promise<void> {
  const { rowCount } = await admin.query(statement, values);
  expect(rowCount).toBe(1);
}

describe('VerifyChain', () => {
  it('finds nothing in a trail that nobody touched, also after more is sealed', async () => {
    const { mspId, clientId } = await sealedTrail();
    const first = await verify(mspId);
    expect(first).toMatchObject({ waiting: 0, faults: [] });
    expect(first.sealed).toBeGreaterThanOrEqual(7);
    await record(mspId, clientId, 'later');
    expect(await verify(mspId)).toMatchObject({ waiting: 1, faults: [] });
    await app.container.resolve(SealEntries).run(systemScope(mspId));
    expect(await verify(mspId)).toMatchObject({ sealed: first.sealed + 1, waiting: 0, faults: [] });
  });

  it.each([
    ['summary', `update audit_entry set summary = 'Something else' where msp_id = $1 and id = $2`],
    ['values', `update audit_entry set before = jsonb_set(before, '{zebra}', '2') where msp_id = $1 and id = $2`],
    ['time', `update audit_entry set at = at + interval '1 microsecond' where msp_id = $1 and id = $2`],
    ['actor', `update audit_entry set actor_id = msp_id where msp_id = $1 and id = $2`],
    ['visibility', `update audit_entry set is_client_visible = true where msp_id = $1 and id = $2`],
  ])('names an entry whose %s was changed, and no other', async (_, statement) => {
    const { mspId, ids } = await sealedTrail();
    await tamper(statement, [mspId, ids[2]]);
    expect((await verify(mspId)).faults).toMatchObject([{ kind: 'changed', entryId: ids[2] }]);
  });

  it('names an entry that was removed, with its seal or without', async () => {
    const { mspId, ids } = await sealedTrail();
    await tamper('delete from audit_entry where msp_id = $1 and id = $2', [mspId, ids[1]]);
    expect((await verify(mspId)).faults).toMatchObject([{ kind: 'removed', entryId: ids[1] }]);
    await tamper('delete from audit_seal where msp_id = $1 and entry_id = $2', [mspId, ids[1]]);
    expect((await verify(mspId)).faults).toMatchObject([{ kind: 'removed', detail: 'missing from the chain' }]);
  });

  it('names an entry that was put in, and a chain whose end was cut off', async () => {
    const { mspId, ids } = await sealedTrail();
    await tamper(
      `insert into audit_entry select msp_id, gen_random_uuid(), client_id, at, actor_kind, actor_id, actor_label, action, subject_kind, subject_id, summary, before, after, ip, user_agent, request_id, is_client_visible, salt, digest, erased_at from audit_entry where msp_id = $1 and id = $2`,
      [mspId, ids[0]],
    );
    expect((await verify(mspId)).faults).toMatchObject([{ kind: 'inserted' }]);
    const other = await sealedTrail();
    await tamper('delete from audit_seal where msp_id = $1 and entry_id = $2', [other.mspId, other.ids[0]]);
    await tamper('delete from audit_entry where msp_id = $1 and id = $2', [other.mspId, other.ids[0]]);
    expect((await verify(other.mspId)).faults).toMatchObject([{ kind: 'cut' }]);
  });

  it('still holds after a payload was erased, of which nothing is left', async () => {
    const { mspId, ids } = await sealedTrail();
    const entryId = (ids[2] ?? '') as never;
    await app.container.resolve(ErasePayload).run(staffScope(mspId), { entryId, reason: 'asked for by the person' });
    await app.container.resolve(SealEntries).run(systemScope(mspId));
    expect((await verify(mspId)).faults).toEqual([]);
    const { rows } = await admin.query('select to_jsonb(audit_entry) as entry from audit_entry where id = $1', [
      ids[2],
    ]);
    expect(JSON.stringify(rows[0])).not.toContain('Note');
    expect(JSON.stringify(rows[0])).not.toContain('Test Technician');
  });

  it('is one chain, however many seal at once', async () => {
    const { mspId, clientIds } = await buildMsp(app);
    for (let index = 0; index < 20; index += 1) await record(mspId, clientIds[0] as ClientId, `n${index}`);
    const seal = app.container.resolve(SealEntries);
    await Promise.all(Array.from({ length: 5 }, () => seal.run(systemScope(mspId))));
    expect(await verify(mspId)).toMatchObject({ waiting: 0, faults: [] });
  });
});

describe('the trail', () => {
  it('can be neither written past its function nor changed by the application', async () => {
    const { mspId } = await buildMsp(app);
    const attempt = (statement: string) =>
      app.container.resolve(ScopedDb).transaction(systemScope(mspId), (tx) => tx.sql(statement));
    for (const statement of [
      'insert into audit_entry select * from audit_entry limit 1',
      `update audit_entry set summary = ''`,
      'delete from audit_entry',
      'delete from audit_seal',
    ])
      await expect(attempt(statement)).rejects.toThrow(/permission denied/);
  });

  it('hides secrets, takes entries from staff of a narrow reach, and shows contacts only what is meant for them', async () => {
    const { mspId, clientIds } = await buildMsp(app, { clients: 2 });
    const [mine, theirs] = clientIds as [ClientId, ClientId];
    await record(mspId, mine, 'seen', true);
    await record(mspId, mine, 'internal');
    await record(mspId, theirs, 'elsewhere', true);
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [mine] });
    await app.container.resolve(ScopedDb).transaction(narrow, (tx) =>
      app.container.resolve(AuditTrail).record(tx, {
        action: 'test.own',
        subject: { kind: 'login', id: mspId, clientId: null },
        summary: 'about the MSP',
      }),
    );
    const queries = app.container.resolve(AuditQueries);
    const summaries = async (scope: typeof narrow) =>
      (await queries.list(scope, { limit: 50 })).items.map((item) => item.summary);
    const forContact = await queries.listForClient(contactScope(mspId, mine), { limit: 50 });
    expect(forContact.items.map((item) => item.summary)).toEqual(['seen']);
    expect(await summaries(narrow)).not.toContain('about the MSP');
    expect(await summaries(narrow)).not.toContain('elsewhere');
    expect(await summaries(staffScope(mspId))).toContain('about the MSP');
    expect(JSON.stringify((await queries.list(staffScope(mspId), { limit: 50 })).items)).not.toContain('hunter2');
  });
});
