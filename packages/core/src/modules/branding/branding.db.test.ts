import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, MspId } from '#kernel/id';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { Brands } from './brands.ts';

const PIXELS = Buffer.from('89504e470d0a1a0a0000000d4948445200000040000000200806000000', 'hex');

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 2 });
  mspId = built.mspId;
  [first, second] = built.clientIds as [ClientId, ClientId];
});
afterAll(() => app[Symbol.asyncDispose]());

const brands = () => app.container.resolve(Brands);
const upload = (bytes: Buffer) => ({
  fileName: 'logo.svg',
  contentType: 'image/svg+xml',
  body: new Blob([new Uint8Array(bytes)]).stream(),
});

describe('Brands', () => {
  it('show a contact their client’s logo and colour, else the MSP’s', async () => {
    const scope = staffScope(mspId);
    const theirs = contactScope(mspId, first);
    expect(await brands().ofContact(theirs)).toEqual({ accentHue: null, logoVersion: null });
    await expect(brands().logoOfContact(theirs)).rejects.toMatchObject({ code: 'branding.no-logo' });
    await brands().putLogo(scope, undefined, upload(PIXELS));
    expect((await brands().ofContact(theirs)).logoVersion).not.toBeNull();
    await brands().setClientHue(scope, { clientId: first, accentHue: 30 });
    const own = Buffer.concat([PIXELS, Buffer.from('own')]);
    await brands().putLogo(scope, first, upload(own));
    const shown = await brands().logoOfContact(theirs);
    expect([shown.contentType, shown.disposition, Buffer.from(await new Response(shown.body).arrayBuffer())]).toEqual([
      'image/png',
      'inline',
      own,
    ]);
    expect(await brands().ofContact(theirs)).toMatchObject({ accentHue: 30 });
    expect(await brands().ofContact(contactScope(mspId, second))).toMatchObject({ accentHue: null });
    const others = await brands().logoOfContact(contactScope(mspId, second));
    expect(Buffer.from(await new Response(others.body).arrayBuffer())).toEqual(PIXELS);
    await brands().removeLogo(scope, first);
    const again = await brands().logoOfContact(theirs);
    expect(Buffer.from(await new Response(again.body).arrayBuffer())).toEqual(PIXELS);
  });

  it('take images alone, from who reaches what they change', async () => {
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [first] });
    await expect(brands().putLogo(narrow, first, upload(Buffer.from('<svg/>')))).rejects.toMatchObject({
      code: 'branding.not-a-logo',
    });
    await expect(brands().putLogo(narrow, undefined, upload(PIXELS))).rejects.toMatchObject({
      code: 'scope.needs-all-clients',
    });
    await expect(brands().putLogo(narrow, second, upload(PIXELS))).rejects.toMatchObject({
      code: 'tenancy.client-not-found',
    });
    await brands().putLogo(narrow, first, upload(PIXELS));
  });
});
