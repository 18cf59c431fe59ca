import { Brands } from '../../packages/core/src/modules/branding/brands.ts';
import { staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A logo of the MSP, and a colour of the first client. */
export async function addBrands(app: TestApp, world: World): Promise<void> {
  const scope = staffScope(world.mspId);
  const brands = app.container.resolve(Brands);
  const image = Buffer.from('89504e470d0a1a0a0000000d4948445200000040000000200806000000', 'hex');
  const body = new Blob([new Uint8Array(image)]).stream();
  await brands.putLogo(scope, undefined, { fileName: 'logo.png', contentType: 'image/png', body });
  await brands.setClientHue(scope, { clientId: world.first, accentHue: 30 });
}
