import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { ClientQueries } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { FileStoreToken } from '#platform/files/tokens';
import { defineModule, provide, worker } from '#platform/module';
import { AttachFiles } from './attach-files.ts';
import { FileQueries } from './file-queries.ts';
import { FileRows } from './file-store.ts';
import { sweepFiles } from './files-jobs.ts';
import { filesOperations } from './files-operations.ts';
import { filesPermissions } from './files-policy.ts';
import { StoreFiles } from './store-files.ts';
import { SweepFiles } from './sweep-files.ts';
import { UploadFile } from './upload-file.ts';

export const filesModule = defineModule({
  name: 'files',
  tables: ['file'],
  permissions: filesPermissions,
  register(container) {
    provide(container, FileRows, () => new FileRows());
    provide(
      container,
      FileQueries,
      (c) => new FileQueries({ db: c.resolve(ScopedDb), files: c.resolve(FileStoreToken) }),
    );
    provide(container, AttachFiles, (c) => new AttachFiles({ rows: c.resolve(FileRows) }));
    provide(
      container,
      UploadFile,
      (c) =>
        new UploadFile({
          db: c.resolve(ScopedDb),
          rows: c.resolve(FileRows),
          files: c.resolve(FileStoreToken),
          clients: c.resolve(ClientQueries),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      StoreFiles,
      (c) =>
        new StoreFiles({
          db: c.resolve(ScopedDb),
          rows: c.resolve(FileRows),
          files: c.resolve(FileStoreToken),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(
      container,
      SweepFiles,
      (c) =>
        new SweepFiles({
          db: c.resolve(ScopedDb),
          rows: c.resolve(FileRows),
          files: c.resolve(FileStoreToken),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => filesOperations({ files: c.resolve(FileQueries), uploadFile: c.resolve(UploadFile) }),
  jobs: (c) => [worker(sweepFiles, async (scope) => void (await c.resolve(SweepFiles).run(scope)))],
});
