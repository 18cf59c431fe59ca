import type { inferRouterOutputs } from '@trpc/server';
import { api } from '#web/app/api/api.ts';
import type { AppRouter } from '#web/app/api/app-router.ts';
import { createRecordQuery, type RecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';

export type TicketMails = inferRouterOutputs<AppRouter>['mail-intake']['getTicketMail'];
export type TicketMail = TicketMails['mails'][number];

/** A ticket's mails and watchers; nothing for whoever may not see them. */
export function createTicketMails(ticketId: () => string): RecordQuery<TicketMails> {
  const { can } = useSession();
  return createRecordQuery({
    key: () => ['mail', 'list', 'ticket', ticketId()],
    isEnabled: () => can('mail-intake.read-mail'),
    fetch: (signal) => api['mail-intake'].getTicketMail.query({ ticketId: ticketId() as never }, { signal }),
  });
}
