import { defineStream, type RecordUpsert } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { type GraphContext, listAll } from './graph.ts';

/** `subscribedSku`: a product that the tenant has bought. */
export interface Sku {
  readonly skuId: string;
  readonly skuPartNumber: string;
  readonly capabilityStatus: string;
  readonly consumedUnits: number;
  readonly prepaidUnits: { readonly enabled: number; readonly suspended: number; readonly warning: number };
  readonly servicePlans?: readonly { readonly servicePlanName: string }[];
}

// "Product names and service plan identifiers for licensing" has all of them; these are what small companies buy.
const productNames: Readonly<Record<string, string>> = {
  O365_BUSINESS_ESSENTIALS: 'Microsoft 365 Business Basic',
  O365_BUSINESS: 'Microsoft 365 Apps for business',
  O365_BUSINESS_PREMIUM: 'Microsoft 365 Business Standard',
  SPB: 'Microsoft 365 Business Premium',
  SPE_E3: 'Microsoft 365 E3',
  SPE_E5: 'Microsoft 365 E5',
  SPE_F1: 'Microsoft 365 F3',
  STANDARDPACK: 'Office 365 E1',
  ENTERPRISEPACK: 'Office 365 E3',
  ENTERPRISEPREMIUM: 'Office 365 E5',
  EXCHANGESTANDARD: 'Exchange Online (Plan 1)',
  EXCHANGEENTERPRISE: 'Exchange Online (Plan 2)',
  AAD_PREMIUM: 'Microsoft Entra ID P1',
  AAD_PREMIUM_P2: 'Microsoft Entra ID P2',
  EMS: 'Enterprise Mobility + Security E3',
  INTUNE_A: 'Microsoft Intune Plan 1',
  FLOW_FREE: 'Microsoft Power Automate Free',
  POWER_BI_STANDARD: 'Power BI (free)',
};

/** What people call a product; its part number where this plugin knows no better. */
export function productName(partNumber: string): string {
  return productNames[partNumber] ?? partNumber;
}

/** What the tenant has bought. The list has no pages. */
export async function readSkus(ctx: GraphContext): Promise<readonly Sku[]> {
  const $select = 'skuId,skuPartNumber,capabilityStatus,consumedUnits,prepaidUnits,servicePlans';
  return listAll<Sku>(ctx, 'subscribedSkus', { $select });
}

/** What is bought and what is in use. */
export const licences = defineStream(partner, {
  name: 'licences',
  label: 'Licences',
  entity: 'licence',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    yield { upserts: (await readSkus(ctx)).map(toLicence) };
  },
});

function toLicence({
  skuId,
  skuPartNumber,
  capabilityStatus,
  consumedUnits,
  prepaidUnits,
}: Sku): RecordUpsert<'licence'> {
  return {
    id: skuId,
    data: {
      name: productName(skuPartNumber),
      sku: skuPartNumber,
      // Units in `warning` are past their end and may still be used.
      total: prepaidUnits.enabled + prepaidUnits.warning,
      assigned: consumedUnits,
      suspended: prepaidUnits.suspended,
      state: capabilityStatus,
    },
  };
}
