import { defineWebhook } from '@bailiwick/sdk';
import { server } from './connection.ts';
import { readProblems, toAlert } from './problems.ts';
import { placeHosts } from './scopes.ts';

export const events = defineWebhook(server, {
  name: 'events',
  label: 'Problems as they open and end',
  setUp:
    'In Zabbix, set the global macros {$BAILIWICK.URL} to {url} and {$BAILIWICK.SECRET} to the secret of the media type that you entered in this connection, both as secret text. Import media-type.yaml under Administration → Media types, give the medium Bailiwick to a user that sees the customers’ hosts, and make an action that sends problems, recoveries and updates to that user.',
  verify: {
    kind: 'hmac',
    header: 'x-bailiwick-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    secret: '{secret.webhookSecret}',
    signed: '{header.x-bailiwick-timestamp}.{body}',
    timestamp: { header: 'x-bailiwick-timestamp', toleranceSeconds: 300 },
  },
  async handle(ctx, { json }) {
    const eventId = typeof json === 'object' && json !== null && 'eventId' in json ? String(json.eventId) : '';
    if (!/^\d{1,20}$/u.test(eventId)) return { nudge: ['alerts'] };
    // The delivery only names the problem: what it is, is read from Zabbix.
    const problems = await readProblems(ctx, [eventId]);
    const hostids = problems.flatMap(({ hosts }) => hosts.map(({ hostid }) => hostid));
    const placed = await placeHosts(ctx, hostids);
    return {
      batches: { alerts: { upserts: problems.flatMap((problem) => toAlert(problem, placed, ctx.config.url)) } },
    };
  },
});
