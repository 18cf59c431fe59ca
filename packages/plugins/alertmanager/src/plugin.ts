import { definePlugin } from '@bailiwick/sdk';
import { server } from './connection.ts';
import { endSilence, silence } from './silences.ts';
import { alerts } from './stream.ts';
import { alertsByAddress, alertsWithToken } from './webhooks.ts';

export default definePlugin({
  connections: [server],
  streams: [alerts],
  actions: [silence, endSilence],
  webhooks: [alertsByAddress, alertsWithToken],
});
