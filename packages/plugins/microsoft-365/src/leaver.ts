import { NotSupported } from '@bailiwick/sdk';
import { type GraphContext } from './graph.ts';
import { productName, readSkus } from './licences.ts';

/** One product, as one user has it. */
export interface AssignedLicence {
  readonly skuId: string;
  readonly name: string;
  readonly disabledPlans: readonly string[];
  /** `group`: a group assigns it, so only leaving the group takes it away. `mailbox`: taking it away would delete the mailbox. */
  readonly staysFor: 'group' | 'mailbox' | undefined;
}

/** A user, as offboarding finds them. */
export interface Leaver {
  readonly name: string;
  readonly isEnabled: boolean;
  /** From the on-premises directory, which stays the master of the account. */
  readonly isSynchronised: boolean;
  /** What the mailbox is used as (`userPurpose`): `user`, `shared` …; undefined where there is none. */
  readonly mailbox: string | undefined;
  readonly licences: readonly AssignedLicence[];
}

interface UserDetails {
  readonly id: string;
  readonly displayName?: string | null;
  readonly userPrincipalName: string;
  readonly accountEnabled?: boolean | null;
  readonly onPremisesSyncEnabled?: boolean | null;
  readonly licenseAssignmentStates?: readonly {
    readonly skuId: string;
    readonly assignedByGroup?: string | null;
    readonly disabledPlans?: readonly string[];
  }[];
}

/** The address of a user. */
export function userPath(id: string): string {
  return `users/${encodeURIComponent(id)}`;
}

/**
 * Reads what offboarding needs to know.
 *
 * @throws NotSupported where the user is gone
 */
export async function readLeaver(ctx: GraphContext, id: string, keepsMailbox: boolean): Promise<Leaver> {
  const $select = 'id,displayName,userPrincipalName,accountEnabled,onPremisesSyncEnabled,licenseAssignmentStates';
  const answer = await ctx.http.request(userPath(id), { query: { $select }, accept: [404] });
  if (answer.status === 404) throw new NotSupported('The tenant does not have this user any more.');
  const user = answer.json<UserDetails>();
  const mailbox = await readMailbox(ctx, id);
  return {
    name: user.displayName ?? user.userPrincipalName,
    isEnabled: user.accountEnabled === true,
    isSynchronised: user.onPremisesSyncEnabled === true,
    mailbox,
    licences: await readLicences(ctx, user, keepsMailbox && mailbox !== undefined && mailbox !== 'shared'),
  };
}

async function readMailbox(ctx: GraphContext, id: string): Promise<string | undefined> {
  const answer = await ctx.http.request(`${userPath(id)}/mailboxSettings`, { accept: [403, 404] });
  if (answer.status === 404) return undefined;
  // Not allowed to look: as careful as with a mailbox in use.
  if (answer.status === 403) return 'unknown';
  return answer.json<{ userPurpose?: string | null }>().userPurpose ?? 'unknown';
}

async function readLicences(ctx: GraphContext, user: UserDetails, keepsMailbox: boolean): Promise<AssignedLicence[]> {
  const states = user.licenseAssignmentStates ?? [];
  if (states.length === 0) return [];
  const skus = new Map((await readSkus(ctx)).map((sku) => [sku.skuId, sku] as const));
  // A product may be assigned directly and by groups, too: the group's assignment stays.
  const byGroup = new Set(states.filter(({ assignedByGroup }) => Boolean(assignedByGroup)).map(({ skuId }) => skuId));
  return [...new Map(states.map((state) => [state.skuId, state])).values()]
    .map(({ skuId, disabledPlans = [] }): AssignedLicence => {
      const sku = skus.get(skuId);
      const hasMailbox = sku?.servicePlans?.some((plan) => plan.servicePlanName.startsWith('EXCHANGE')) !== false;
      const staysFor = byGroup.has(skuId) ? 'group' : keepsMailbox && hasMailbox ? 'mailbox' : undefined;
      return { skuId, name: sku === undefined ? skuId : productName(sku.skuPartNumber), disabledPlans, staysFor };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
