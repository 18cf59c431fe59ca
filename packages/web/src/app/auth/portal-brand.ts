import { applyBrand } from '#web/app/portal/brand.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { createEffect } from 'solid-js';
import { auth } from './auth-api.ts';

/** The MSP's name for the pages before the sign-in, which then are in its colour; a plain word until it is known, and where it is not. */
export function createPortalBrand(): () => string {
  const query = createRecordQuery({ key: () => ['msp', 'one', 'brand'], fetch: () => auth.portalBrand() });
  createEffect(() => {
    const brand = query.value()?.brand;
    if (brand !== undefined && brand !== null) applyBrand(brand.accentHue);
  });
  return () => query.value()?.brand?.name ?? 'Client portal';
}
