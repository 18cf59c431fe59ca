import { UploadFile } from '../../packages/core/src/modules/files/upload-file.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A file of the first client that its contacts may see. */
export async function addFile(app: TestApp, world: World): Promise<void> {
  const body = new Response('sample').body;
  if (body === null) throw new Error('a response of text has a body');
  await app.container
    .resolve(UploadFile)
    .run(
      staffScope(world.mspId),
      { clientId: world.first, visibility: 'public' },
      { fileName: 'sample.txt', contentType: 'text/plain', body },
    );
}
