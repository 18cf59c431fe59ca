import type { Hono } from 'hono';
import type { VendorState } from './mail-vendors.ts';

const PAGE = 3;

/** What is used of the Gmail API. The history's id is the number of mails that there were. */
export function addGmail(app: Hono, state: VendorState): void {
  const me = '/api/gmail/users/me';
  const unknown = { error: { code: 404, message: 'Requested entity was not found.' } };
  app.get(`${me}/profile`, (context) =>
    context.json({ emailAddress: 'support@northgate.example', historyId: String(state.mails.length) }),
  );
  app.get(`${me}/labels/:id`, (context) => {
    const id = context.req.param('id');
    return ['INBOX', 'Label_1'].includes(id) ? context.json({ id, name: id }) : context.json(unknown, 404);
  });
  app.get(`${me}/messages`, (context) => {
    const after = Number(/after:(\d+)/.exec(context.req.query('q') ?? '')?.[1] ?? 0);
    const from = Number(context.req.query('pageToken') ?? 0);
    const found = state.mails
      .filter((mail) => mail.folder === 'inbox' && mail.receivedAt.epochMilliseconds >= after * 1000)
      .toReversed();
    return context.json({
      messages: found.slice(from, from + PAGE).map(({ id }) => ({ id, threadId: id })),
      ...(found.length > from + PAGE ? { nextPageToken: String(from + PAGE) } : {}),
    });
  });
  app.get(`${me}/history`, (context) => {
    const start = Number(context.req.query('startHistoryId'));
    if (state.isForgotten) {
      state.isForgotten = false;
      return context.json(unknown, 404);
    }
    const from = Number(context.req.query('pageToken') ?? start);
    const page = state.mails.slice(from, from + PAGE);
    return context.json({
      ...(page.length === 0
        ? {}
        : {
            history: page.map(({ id }, n) => ({
              id: String(from + n + 1),
              messagesAdded: [{ message: { id, threadId: id } }],
            })),
          }),
      historyId: String(state.mails.length),
      ...(state.mails.length > from + PAGE ? { nextPageToken: String(from + PAGE) } : {}),
    });
  });
  app.get(`${me}/messages/:id`, (context) => {
    const mail = state.mails.find(({ id }) => id === context.req.param('id'));
    if (mail === undefined) return context.json(unknown, 404);
    const internalDate = String(mail.receivedAt.epochMilliseconds);
    if (context.req.query('format') === 'metadata') {
      const subject = /^Subject: (.*)\r$/m.exec(mail.raw.subarray(0, 2000).toString())?.[1] ?? '';
      return context.json({ id: mail.id, internalDate, payload: { headers: [{ name: 'Subject', value: subject }] } });
    }
    state.fetched.set(mail.id, (state.fetched.get(mail.id) ?? 0) + 1);
    return context.json({ id: mail.id, internalDate, raw: mail.raw.toString('base64url') });
  });
  app.post(`${me}/messages/batchModify`, async (context) => {
    const change = (await context.req.json()) as { ids: string[]; addLabelIds: string[]; removeLabelIds: string[] };
    for (const mail of state.mails.filter(({ id }) => change.ids.includes(id))) {
      if (change.removeLabelIds.includes('UNREAD')) mail.isRead = true;
      if (change.removeLabelIds.includes('INBOX')) mail.folder = change.addLabelIds[0] ?? 'archive';
    }
    return context.body(null, 204);
  });
}
