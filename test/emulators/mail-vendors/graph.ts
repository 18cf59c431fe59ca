import type { Hono } from 'hono';
import type { VendorState } from './mail-vendors.ts';

/** Few, so that pages are met. */
const PAGE = 3;

/** What is used of Microsoft Graph's messages. A delta's place is the number of mails that were given before. */
export function addGraph(app: Hono, state: VendorState): void {
  const user = '/api/graph/users/:user';
  const unknown = { error: { code: 'ErrorItemNotFound', message: 'The specified object was not found in the store.' } };
  app.get(`${user}/mailFolders/:folder`, (context) => {
    const folder = context.req.param('folder');
    return ['inbox', 'done'].includes(folder)
      ? context.json({ id: `AAMk-${folder}`, displayName: folder })
      : context.json(unknown, 404);
  });
  app.get(`${user}/mailFolders/inbox/messages/delta`, (context) => {
    const since = /receivedDateTime ge (\S+)/.exec(context.req.query('$filter') ?? '')?.[1];
    const token = context.req.query('$skiptoken') ?? context.req.query('$deltatoken');
    const from = Number(token ?? 0);
    if (token !== undefined && state.isForgotten) {
      state.isForgotten = false;
      return context.json({ error: { code: 'SyncStateNotFound', message: 'The sync state is gone.' } }, 410);
    }
    const found = state.mails
      .slice(from)
      .filter((mail) => mail.folder === 'inbox')
      .filter((mail) => since === undefined || Temporal.Instant.compare(mail.receivedAt, since) >= 0);
    const page = found.slice(0, PAGE);
    const last = page.at(-1);
    const next = last === undefined ? state.mails.length : state.mails.indexOf(last) + 1;
    const url = new URL(context.req.url);
    const link = (name: string): string =>
      `${url.origin}${url.pathname}?${new URLSearchParams({ [name]: String(next) }).toString()}`;
    return context.json({
      value: page.map(({ id, receivedAt }) => ({ id, receivedDateTime: receivedAt.toString() })),
      ...(found.length > PAGE
        ? { '@odata.nextLink': link('$skiptoken') }
        : { '@odata.deltaLink': link('$deltatoken') }),
    });
  });
  const find = (id: string) => state.mails.find((mail) => mail.id === id);
  app.get(`${user}/messages/:id/$value`, (context) => {
    const mail = find(context.req.param('id'));
    if (mail === undefined) return context.json(unknown, 404);
    state.fetched.set(mail.id, (state.fetched.get(mail.id) ?? 0) + 1);
    return context.body(new Uint8Array(mail.raw), 200, { 'content-type': 'text/plain' });
  });
  app.get(`${user}/messages/:id`, (context) => {
    const mail = find(context.req.param('id'));
    if (mail === undefined) return context.json(unknown, 404);
    const subject = /^Subject: (.*)\r$/m.exec(mail.raw.subarray(0, 2000).toString())?.[1] ?? '';
    return context.json({ id: mail.id, internetMessageHeaders: [{ name: 'Subject', value: subject }] });
  });
  app.patch(`${user}/messages/:id`, async (context) => {
    const mail = find(context.req.param('id'));
    if (mail === undefined) return context.json(unknown, 404);
    mail.isRead = ((await context.req.json()) as { isRead: boolean }).isRead;
    return context.json({ id: mail.id });
  });
  app.post(`${user}/messages/:id/move`, async (context) => {
    const mail = find(context.req.param('id'));
    if (mail === undefined) return context.json(unknown, 404);
    mail.folder = ((await context.req.json()) as { destinationId: string }).destinationId;
    return context.json({ id: mail.id }, 201);
  });
}
