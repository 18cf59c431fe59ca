import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';

/** The webhooks of a connection, asked for once for all that show them. */
export function createWebhooks(connectionId: () => string) {
  return createRecordQuery({
    key: () => ['plugin-connection', 'one', connectionId(), 'webhooks'],
    fetch: (signal) => api['plugin-events'].listWebhooks.query({ connectionId: connectionId() }, { signal }),
  });
}
