import { defineModule } from '#platform/module';
import { slaCommands } from './sla-commands.ts';

export const slaModule = defineModule({
  name: 'sla',
  tables: [],
  permissions: [],
  register() {},
  operations: () => ({}),
  offlineCommands: slaCommands,
});
