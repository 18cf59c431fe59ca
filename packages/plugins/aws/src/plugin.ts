import { definePlugin } from '@bailiwick/sdk';
import { start, stop, tag } from './actions.ts';
import { alarms } from './alarms.ts';
import { organization } from './connection.ts';
import { costs } from './costs.ts';
import { devices, resources } from './resources.ts';

export default definePlugin({
  connections: [organization],
  streams: [devices, resources, alarms, costs],
  actions: [tag, start, stop],
});
