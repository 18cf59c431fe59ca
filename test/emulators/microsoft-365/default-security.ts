import { graphTime } from './clock.ts';
import type { GraphObject, Tenant } from './tenant.ts';

const controls = [
  {
    id: 'AdminMFAV2',
    controlCategory: 'Identity',
    title: 'Ensure multifactor authentication for administrative roles',
    maxScore: 10,
  },
  { id: 'BlockLegacyAuthentication', controlCategory: 'Identity', title: 'Block legacy authentication', maxScore: 8 },
  { id: 'DLPEnabled', controlCategory: 'Data', title: 'Apply Data Loss Prevention policies', maxScore: 20 },
  { id: 'mdo_safelinksforemail', controlCategory: 'Apps', title: 'Turn on Safe Links for e-mail', maxScore: 9 },
] as const;

const vendorInformation = { provider: 'SecureScore', providerVersion: null, subProvider: null, vendor: 'Microsoft' };

/** Ninety daily scores, newest first, as long as Microsoft keeps them; and the profile of each control. */
export function fillSecurity(tenant: Tenant, now: Temporal.Instant): void {
  for (let daysAgo = 0; daysAgo < 90; daysAgo += 1) {
    tenant.secureScores.push(scoreOf(tenant, now.subtract({ hours: 24 * daysAgo }), daysAgo));
  }
  tenant.controlProfiles.push(...controls.map((control) => profileOf(tenant, control)));
}

function scoreOf(tenant: Tenant, day: Temporal.Instant, daysAgo: number): GraphObject {
  const controlScores = controls.map((control, index) => ({
    controlCategory: control.controlCategory,
    controlName: control.id,
    description: control.title,
    score: index === 0 ? control.maxScore : Math.max(0, control.maxScore - index * 3 - (daysAgo > 30 ? 2 : 0)),
  }));
  return {
    id: `${tenant.id}_${graphTime(day).slice(0, 10)}`,
    azureTenantId: tenant.id,
    activeUserCount: tenant.users.size,
    createdDateTime: `${graphTime(day).slice(0, 10)}T00:00:00Z`,
    currentScore: controlScores.reduce((sum, control) => sum + control.score, 0),
    enabledServices: ['HasExchange', 'HasSharePoint', 'HasInTune'],
    licensedUserCount: tenant.users.size,
    maxScore: controls.reduce((sum, control) => sum + control.maxScore, 0),
    averageComparativeScores: [{ basis: 'AllTenants', averageScore: 21 }],
    controlScores,
    vendorInformation,
  };
}

function profileOf(tenant: Tenant, control: (typeof controls)[number]): GraphObject {
  return {
    ...control,
    azureTenantId: tenant.id,
    actionType: 'Config',
    actionUrl: 'https://security.microsoft.com/securescore',
    deprecated: false,
    implementationCost: 'Low',
    lastModifiedDateTime: null,
    rank: 5,
    remediation: 'Follow the steps on the action page.',
    remediationImpact: 'Users are asked once.',
    service: 'AzureAD',
    threats: ['Account Breach'],
    tier: 'Core',
    userImpact: 'Low',
    complianceInformation: [],
    controlStateUpdates: [],
    vendorInformation,
  };
}
