import { defineSubscriber } from '@bailiwick/sdk';
import { acknowledgeOwn } from './actions.ts';
import { server } from './connection.ts';

/** What a technician acknowledges in Bailiwick needs nobody else's attention in Zabbix. */
export const acknowledgeToo = defineSubscriber(server, {
  name: 'acknowledge',
  label: 'Acknowledge in Zabbix what is acknowledged in Bailiwick',
  events: ['alert.acknowledged'],
  async handle(ctx, { data }) {
    // Alerts that others brought mean nothing to Zabbix.
    if (data.recordId !== null) await acknowledgeOwn(ctx, data.recordId, 'Acknowledged in Bailiwick.');
  },
});
