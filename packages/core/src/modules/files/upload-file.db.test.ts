import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  systemScope,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { testHttpApp } from '../../../../../test/support/test-http.ts';
import { newId, type ClientId, type MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { ScopedDb } from '#platform/db/scoped-db';
import { SettingsToken } from '#platform/settings-token';
import { AttachFiles } from './attach-files.ts';
import type { FileId } from './file-table.ts';
import { FileQueries } from './file-queries.ts';
import { SweepFiles } from './sweep-files.ts';
import { UploadFile } from './upload-file.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
let http: Hono;
const scopes = new Map<string, TenantScope>();
beforeAll(async () => {
  app = await startTestApp();
  const msp = await buildMsp(app, { clients: 2 });
  mspId = msp.mspId;
  [first, second] = msp.clientIds as [ClientId, ClientId];
  http = testHttpApp(app, scopes);
});
afterAll(() => app[Symbol.asyncDispose]());

const streamOf = (...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      controller.close();
    },
  });

const upload = (scope: TenantScope, body: ReadableStream<Uint8Array>, fileName = 'note.txt', clientId = first) =>
  app.container
    .resolve(UploadFile)
    .run(scope, { clientId, visibility: 'internal' }, { fileName, contentType: 'text/html', body });

async function filesOnDisk(): Promise<string[]> {
  const folder = join(app.container.resolve(SettingsToken).BAILIWICK_DATA_DIR, 'files');
  return (await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
}

async function rowCount(): Promise<number> {
  const rows = await app.container
    .resolve(ScopedDb)
    .transaction(systemScope(mspId), (tx) => tx.sql<{ n: number }>('select count(*)::int as n from file'));
  return rows[0]?.n ?? -1;
}

async function read(body: Uint8Array | ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(body as ReadableStream<Uint8Array>).arrayBuffer());
}

describe('UploadFile', () => {
  it('keeps a file whole, tells its type from its bytes, and hands it back', async () => {
    const staff = staffScope(mspId);
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(300_000, 7)]);
    const view = await upload(staff, streamOf(bytes.subarray(0, 5), bytes.subarray(5)), '../../../x.html');
    expect(view).toMatchObject({ name: 'x.html', contentType: 'application/pdf', sizeBytes: bytes.length });
    const download = await app.container.resolve(FileQueries).open(staff, view.id);
    expect(download.disposition).toBe('attachment');
    expect(await read(download.body)).toEqual(bytes);
    const [stored] = await app.container
      .resolve(ScopedDb)
      .transaction(systemScope(mspId), (tx) =>
        tx.sql<{ sha256: string; name: string }>('select sha256, name from file where id = $1', [view.id]),
      );
    expect(stored).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), name: '../../../x.html' });
  });

  it.each([
    ['one that breaks off', () => breakingStream(), 'connection lost'],
    ['one that is empty', () => streamOf(), 'files.empty'],
    ['one that is too large', () => endlessStream(), 'files.too-large'],
  ])('leaves nothing of %s', async (_, body, reason) => {
    const before = { rows: await rowCount(), files: await filesOnDisk() };
    const error = await upload(staffScope(mspId), body()).catch((thrown: unknown) => thrown);
    expect(`${(error as { code?: string }).code} ${(error as Error).message}`).toContain(reason);
    expect({ rows: await rowCount(), files: await filesOnDisk() }).toEqual(before);
  });

  it('refuses another client’s id and leaves nothing', async () => {
    const before = await rowCount();
    await expect(upload(contactScope(mspId, first), streamOf('x'), 'a', second)).rejects.toMatchObject({
      code: 'tenancy.client-not-found',
    });
    expect(await rowCount()).toBe(before);
  });

  it('bounds what one sender leaves lying about', async () => {
    const contact = contactScope(mspId, first);
    for (let n = 0; n < 40; n += 1) await upload(contact, streamOf('x'));
    await expect(upload(contact, streamOf('x'))).rejects.toMatchObject({ code: 'files.too-many-loose' });
  });
});

describe('AttachFiles', () => {
  const attach = (
    scope: TenantScope,
    fileId: FileId,
    clientId = first,
    visibility: 'public' | 'internal' = 'public',
    ownerId: string = newId(),
  ) =>
    app.container
      .resolve(ScopedDb)
      .transaction(scope, (tx) =>
        app.container
          .resolve(AttachFiles)
          .run(tx, { fileIds: [fileId], clientId, to: { kind: 'ticket', id: ownerId }, visibility }),
      );

  it('gives a sender’s own file away once', async () => {
    const contact = contactScope(mspId, first);
    const { id } = await upload(contact, streamOf('x'));
    expect(await attach(contact, id)).toMatchObject([{ id, visibility: 'public' }]);
    await expect(attach(contact, id)).rejects.toMatchObject({ code: 'files.already-attached' });
  });

  it('lets the same thing show a file again, to no more readers than before', async () => {
    const staff = staffScope(mspId);
    const [shown, internal] = [await upload(staff, streamOf('x')), await upload(staff, streamOf('x'))];
    const ownerId = newId();
    await attach(staff, shown.id, first, 'public', ownerId);
    await attach(staff, internal.id, first, 'internal', ownerId);
    expect(await attach(staff, shown.id, first, 'public', ownerId)).toEqual([]);
    expect(await attach(staffScope(mspId), shown.id, first, 'internal', ownerId)).toEqual([]);
    const taken = { code: 'files.already-attached' };
    await expect(attach(staff, internal.id, first, 'public', ownerId)).rejects.toMatchObject(taken);
    await expect(attach(staff, shown.id, first, 'public')).rejects.toMatchObject(taken);
  });

  it('refuses what somebody else sent, and what belongs to another client', async () => {
    const { id } = await upload(contactScope(mspId, first), streamOf('x'));
    await expect(attach(contactScope(mspId, first), id)).rejects.toMatchObject({ code: 'files.file-not-found' });
    const staff = staffScope(mspId);
    const theirs = await upload(staff, streamOf('x'), 'a', second);
    await expect(attach(staff, theirs.id, first)).rejects.toMatchObject({ code: 'files.file-not-found' });
  });

  it('hides the attachment of an internal note from contacts', async () => {
    const staff = staffScope(mspId);
    const { id } = await upload(staff, streamOf('x'));
    await attach(staff, id, first, 'internal');
    const queries = app.container.resolve(FileQueries);
    await expect(queries.open(contactScope(mspId, first), id)).rejects.toMatchObject({ code: 'files.file-not-found' });
    expect(await queries.getMany(contactScope(mspId, first), [id])).toEqual([]);
    await expect(queries.open(staff, id, { kind: 'ticket', id: newId() })).rejects.toMatchObject({
      code: 'files.file-not-found',
    });
  });
});

describe('SweepFiles', () => {
  it('takes away what was never attached and uploads that a crash cut short, and nothing else', async () => {
    const staff = staffScope(mspId);
    const loose = await upload(staff, streamOf('x'));
    const used = await upload(staff, streamOf('x'));
    await app.container.resolve(ScopedDb).transaction(staff, (tx) =>
      app.container.resolve(AttachFiles).run(tx, {
        fileIds: [used.id],
        clientId: first,
        to: { kind: 'ticket', id: newId() },
        visibility: 'public',
      }),
    );
    const cut = new AbortController();
    const stalled: ReadableStream<Uint8Array> = new ReadableStream({
      start: (controller) => cut.signal.addEventListener('abort', () => controller.error(new Error('cut'))),
    });
    const uploading = upload(staff, stalled).catch(() => {});
    await expect.poll(() => filesOnDisk()).toContainEqual(expect.stringMatching(/\.part$/));
    const sweep = app.container.resolve(SweepFiles);
    await sweep.run(systemScope(mspId));
    const queries = app.container.resolve(FileQueries);
    expect(await queries.getMany(staff, [loose.id, used.id])).toHaveLength(2);
    app.clock.advance({ hours: 25 });
    await sweep.run(systemScope(mspId));
    expect((await queries.getMany(staff, [loose.id, used.id])).map((file) => file.id)).toEqual([used.id]);
    expect((await filesOnDisk()).filter((name) => name.endsWith('.part'))).toEqual([]);
    cut.abort();
    await uploading;
  });
});

describe('over HTTP', () => {
  it('takes a portal upload with a hostile name and sends files to be saved only', async () => {
    scopes.set('contact', contactScope(mspId, first));
    scopes.set('staff', staffScope(mspId));
    const response = await http.request(`/api/v1/files?clientId=${first}&visibility=internal`, {
      method: 'POST',
      headers: {
        'x-test-scope': 'contact',
        'content-type': 'text/html',
        'content-disposition': `attachment; filename*=UTF-8''..%2F..%2F%00x%22%0d%0a.svg`,
      },
      body: '<svg onload="alert(1)">',
    });
    expect(response.status).toBe(201);
    const view = (await response.json()) as { id: string; name: string; visibility: string };
    expect(view).toMatchObject({ name: 'x_.svg', visibility: 'public', contentType: 'application/octet-stream' });
    const download = await http.request(`/api/v1/files/${view.id}/content`, { headers: { 'x-test-scope': 'staff' } });
    expect(download.headers.get('content-disposition')).toMatch(/^attachment; filename="x_\.svg"/);
    expect(download.headers.get('content-type')).toBe('application/octet-stream');
    expect(download.headers.get('x-content-type-options')).toBe('nosniff');
    const byContact = await http.request(`/api/v1/files/${view.id}/content`, {
      headers: { 'x-test-scope': 'contact' },
    });
    expect(byContact.status).toBe(403);
  });
});

function breakingStream(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      sent += 1;
      if (sent < 4) controller.enqueue(new Uint8Array(1000));
      else controller.error(new Error('connection lost'));
    },
  });
}

function endlessStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) });
}
