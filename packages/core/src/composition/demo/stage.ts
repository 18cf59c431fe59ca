import type { DependencyContainer } from 'tsyringe';
import { makeCommandLineScope } from '#entry/command-line/command-line-scope';
import { makeDemoScope } from '#entry/command-line/demo-scope';
import type { ClientId, MspId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AssetId } from '#modules/assets';
import type { LoginId, StaffId } from '#modules/identity';
import type { ContactId, SiteId } from '#modules/tenancy';
import type { StandardRole } from '#platform/module';
import { modules } from '../modules.ts';
import type { ClientPlan } from './client-plan.ts';
import type { MachinePlan } from './machine-plan.ts';
import type { ContactPlan } from './people-plan.ts';
import type { Random } from './random.ts';
import type { StoryClock } from './story-clock.ts';

/** Where the demo plays: the container whose clock it moves, and the MSP that it fills. */
export interface Stage {
  readonly container: DependencyContainer;
  readonly clock: StoryClock;
  readonly random: Random;
  readonly mspId: MspId;
  /** The platform itself. */
  readonly system: TenantScope;
  /** Says how far it is. */
  readonly say: (line: string) => void;
}

/** A client with its ids. */
export interface StagedClient {
  readonly plan: ClientPlan;
  readonly clientId: ClientId;
  readonly siteIds: readonly SiteId[];
  readonly contacts: readonly (ContactPlan & { readonly contactId: ContactId; readonly scope: TenantScope })[];
  readonly machines: readonly StagedMachine[];
}

export interface StagedMachine {
  readonly plan: MachinePlan;
  readonly assetId: AssetId;
}

/** A member of staff with the scope that their sign-in would have. */
export interface StagedStaff {
  readonly name: string;
  readonly staffId: StaffId;
  readonly scope: TenantScope;
}

/** The platform's own scope of the MSP, named in the audit trail. */
export function systemScopeOf(mspId: MspId): TenantScope {
  return makeCommandLineScope(mspId, 'demo');
}

export function staffScope(
  mspId: MspId,
  staff: { name: string; loginId: LoginId; standardRoles: readonly StandardRole[] },
): TenantScope {
  return makeDemoScope(mspId, {
    audience: 'staff',
    reach: { kind: 'all' },
    actor: { kind: 'login', id: staff.loginId, label: staff.name },
    permissions: permissionsOf(staff.standardRoles),
  });
}

export function contactScope(
  mspId: MspId,
  clientId: ClientId,
  contact: { contactId: ContactId; name: string },
): TenantScope {
  return makeDemoScope(mspId, {
    audience: 'client',
    reach: { kind: 'only', clientIds: [clientId] },
    actor: { kind: 'contact', id: contact.contactId, label: contact.name },
    permissions: permissionsOf(['portal']),
  });
}

function permissionsOf(roles: readonly StandardRole[]): ReadonlySet<string> {
  return new Set(
    modules.flatMap((module) =>
      module.permissions
        .filter((permission) => permission.roles.some((role) => roles.includes(role)))
        .map(({ name }) => name),
    ),
  );
}

/** The beginning of the story: before the first ticket and the first agreement. */
export function beginningOf(clock: StoryClock): Temporal.Instant {
  return clock.present.subtract({ hours: 24 * 215 });
}

/** Does `work` for each item, a few at a time, and says how far it is about every three seconds. */
export async function eachOf<Item>(
  { say }: Pick<Stage, 'say'>,
  what: string,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
  options: { atOnce?: number } = {},
): Promise<void> {
  let next = 0;
  let done = 0;
  let saidAt = performance.now();
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      await work(items[index] as Item, index);
      done += 1;
      if (performance.now() - saidAt < 3000) continue;
      saidAt = performance.now();
      say(`  ${what}: ${done} of ${items.length}`);
    }
  };
  const workers = Array.from({ length: Math.min(options.atOnce ?? 6, items.length) }, worker);
  // All must have ended before the pool may close, also where one fails.
  const ended = await Promise.allSettled(workers);
  for (const result of ended) if (result.status === 'rejected') throw result.reason;
  say(`  ${what}: ${items.length}`);
}
