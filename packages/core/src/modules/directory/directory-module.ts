import { Pool } from '#platform/db/tokens';
import { defineModule, provide } from '#platform/module';
import { Directory } from './directory.ts';

export const directoryModule = defineModule({
  name: 'directory',
  tables: ['directory'],
  permissions: [],
  register: (container) => provide(container, Directory, (c) => new Directory({ pool: c.resolve(Pool) })),
  operations: () => ({}),
});
