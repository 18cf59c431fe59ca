import { definePlugin } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { devices } from './devices.ts';
import { findings } from './findings.ts';
import { groups } from './groups.ts';
import { licences } from './licences.ts';
import { offboard } from './offboard.ts';
import { users } from './users.ts';
import { changes } from './webhook.ts';

export default definePlugin({
  connections: [partner],
  streams: [users, groups, licences, devices, findings],
  actions: [offboard],
  webhooks: [changes],
});
