import { definePlugin } from '@bailiwick/sdk';
import { acknowledge, close } from './actions.ts';
import { server } from './connection.ts';
import { alerts } from './problems.ts';
import { acknowledgeToo } from './subscriber.ts';
import { checks, devices, metrics } from './streams.ts';
import { events } from './webhook.ts';

export default definePlugin({
  connections: [server],
  streams: [devices, checks, metrics, alerts],
  actions: [acknowledge, close],
  webhooks: [events],
  subscribers: [acknowledgeToo],
});
