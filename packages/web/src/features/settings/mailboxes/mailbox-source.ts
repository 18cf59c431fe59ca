import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';

const inbox = api['mail-inbox'];

/** The mailboxes and how they are. A minute's poll besides: mails that are handled are not announced one by one. */
export function createMailboxes() {
  return createRecordQuery({
    key: () => ['mailbox', 'list'],
    fetch: async (signal) => (await inbox.listMailboxes.query({}, { signal })).items,
    refetchEveryMs: 60_000,
  });
}

/** For how long raw mails are kept. */
export function createMailKeeping() {
  return createRecordQuery({
    key: () => ['mailbox', 'list', 'keeping'],
    fetch: (signal) => inbox.getMailKeeping.query({}, { signal }),
  });
}

/** What a person who consents needs of us: where the vendor sends them back to. */
export function createRegistration() {
  return createRecordQuery({
    key: () => ['mailbox-registration'],
    fetch: (signal) => api['mailbox-consent'].getRegistration.query({}, { signal }),
  });
}

/** Leaves for the vendor's consent page. The vendor sends the person back to the mailboxes. */
export async function goConsent(mailboxId: Mailbox['id']): Promise<void> {
  const { url } = await api['mailbox-consent'].startConsent.mutate({ mailboxId });
  location.assign(url);
}

export type Mailbox = NonNullable<ReturnType<ReturnType<typeof createMailboxes>['value']>>[number];
export type ConsentVendor = NonNullable<Mailbox['consent']>['vendor'];
export type MailboxInput = Parameters<typeof inbox.createMailbox.mutate>[0];
export type MailboxChecks = Awaited<ReturnType<typeof inbox.checkMailbox.mutate>>['checks'];

export const refreshMailboxes = (): Promise<void> => invalidateTopic('mailbox');
