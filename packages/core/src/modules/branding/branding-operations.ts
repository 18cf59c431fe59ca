import { z } from 'zod';
import { defineCommand, defineDownload, defineQuery, defineUpload } from '#kernel/operation';
import { brandInput, brandView, setClientHueInput, type Brands } from './brands.ts';

const MANAGE = 'branding.manage-brand';
const SEE = 'branding.see-brand';

/** What staff set, and contacts see. */
export function brandingOperations({ brands }: { brands: Brands }) {
  return {
    getBrand: defineQuery({
      name: 'branding.get-brand',
      permission: MANAGE,
      input: brandInput,
      output: brandView,
      rest: { method: 'GET', path: '/brand', summary: 'The own look of the MSP or of a client' },
      run: (scope, input) => brands.get(scope, input.clientId),
    }),
    setClientColour: defineCommand({
      name: 'branding.set-client-colour',
      permission: MANAGE,
      input: setClientHueInput,
      output: z.object({}),
      rest: { method: 'PUT', path: '/clients/{clientId}/brand', summary: 'Give a client’s portal a colour of its own' },
      run: async (scope, input) => {
        await brands.setClientHue(scope, input);
        return {};
      },
    }),
    uploadLogo: defineUpload({
      name: 'branding.upload-logo',
      permission: MANAGE,
      input: brandInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/brand/logo', summary: 'Set the logo: PNG, JPEG or WebP, at most 256 kB' },
      run: async (scope, input, upload) => {
        await brands.putLogo(scope, input.clientId, upload);
        return {};
      },
    }),
    removeLogo: defineCommand({
      name: 'branding.remove-logo',
      permission: MANAGE,
      input: brandInput,
      output: z.object({}),
      rest: { method: 'DELETE', path: '/brand/logo', summary: 'Take the logo away' },
      run: async (scope, input) => {
        await brands.removeLogo(scope, input.clientId);
        return {};
      },
    }),
    showLogo: defineDownload({
      name: 'branding.show-logo',
      permission: MANAGE,
      input: brandInput,
      rest: { method: 'GET', path: '/brand/logo', summary: 'The logo' },
      run: (scope, input) => brands.logo(scope, input.clientId),
    }),
    getPortalBrand: defineQuery({
      name: 'branding.get-portal-brand',
      permission: SEE,
      audience: 'client',
      input: z.object({}),
      output: brandView,
      rest: { method: 'GET', path: '/portal/brand', summary: 'The look of the caller’s portal' },
      run: (scope) => brands.ofContact(scope),
    }),
    showPortalLogo: defineDownload({
      name: 'branding.show-portal-logo',
      permission: SEE,
      audience: 'client',
      input: z.object({}),
      rest: { method: 'GET', path: '/portal/brand/logo', summary: 'The logo of the caller’s portal' },
      run: (scope) => brands.logoOfContact(scope),
    }),
  };
}
