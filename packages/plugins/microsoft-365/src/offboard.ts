import { type ActionPlan, defineAction, field, type Json, type PlannedChange } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import type { GraphContext } from './graph.ts';
import { type AssignedLicence, type Leaver, readLeaver, userPath } from './leaver.ts';

/** Takes a leaver's access away: sign-in, sessions, licences. */
export const offboard = defineAction(partner, {
  name: 'offboard-user',
  label: 'Offboard user',
  help: 'Blocks sign-in, ends sessions and removes licences. The account, its files and its groups stay.',
  input: {
    target: field.entity('user', { label: 'User' }),
    mailbox: field.choice(['keep', 'delete'], {
      label: 'Mailbox',
      help: 'Keep: licences that hold the mailbox stay until it is a shared one, which Microsoft Graph cannot make of it: convert it in Exchange, then run this again. Delete: Microsoft deletes it 30 days after its licence is gone.',
      default: 'keep',
    }),
  },
  output: { wasEnabled: field.boolean(), licences: field.json({ label: 'Licences removed' }) },
  effect: 'update',
  grain: 'scope',
  target: 'user',
  idempotency: 'natural',
  async plan(ctx, { target, mailbox }) {
    return planFor(await readLeaver(ctx, target, mailbox !== 'delete'), target);
  },
  async apply(ctx, { target, mailbox }) {
    const leaver = await readLeaver(ctx, target, mailbox !== 'delete');
    const removed = removable(leaver);
    // The first step decides: where it fails, nothing has happened.
    if (leaver.isEnabled) await setEnabled(ctx, target, false);
    const failures = [
      ...(await attempt('Ending the sessions', () => post(ctx, `${userPath(target)}/revokeSignInSessions`, undefined))),
      ...(removed.length === 0
        ? []
        : await attempt('Removing the licences', () => changeLicences(ctx, target, [], removed))),
    ];
    const isRemoved = !failures.some((failure) => failure.startsWith('Removing'));
    const licences = isRemoved ? removed.map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans })) : [];
    return {
      summary: `Sign-in of ${leaver.name} is blocked${licences.length === 0 ? '' : `, ${licences.length} licences are free`}.`,
      output: { wasEnabled: leaver.isEnabled, licences },
      failures,
    };
  },
  async verify(ctx, { target, mailbox }) {
    const leaver = await readLeaver(ctx, target, mailbox !== 'delete');
    const left = removable(leaver).map(({ name }) => name);
    if (leaver.isEnabled) return { holds: false, detail: 'The user can still sign in.' };
    return left.length === 0 ? { holds: true } : { holds: false, detail: `Still assigned: ${left.join(', ')}` };
  },
  async undo(ctx, { target }, { output }) {
    const licences = licencesOf(output?.['licences']);
    if (output?.['wasEnabled'] === true) await setEnabled(ctx, target, true);
    const failures =
      licences.length === 0
        ? []
        : await attempt('Assigning the licences', () => changeLicences(ctx, target, licences, []));
    return { summary: 'The user can sign in again, and has to on every device.', failures };
  },
});

type Licence = Pick<AssignedLicence, 'skuId' | 'disabledPlans'>;

function removable({ licences }: Leaver): readonly AssignedLicence[] {
  return licences.filter(({ staysFor }) => staysFor === undefined);
}

function planFor(leaver: Leaver, target: string): ActionPlan {
  const { name, isEnabled, isSynchronised, mailbox, licences } = leaver;
  const removed = removable(leaver).length;
  const changes: PlannedChange[] = [
    ...(isEnabled ? [{ what: `Sign-in of ${name}`, from: 'allowed', to: 'blocked' }] : []),
    // Microsoft's "Revoke user access in an emergency" has both done for hybrid accounts.
    ...(isSynchronised
      ? [
          {
            what: 'Account in Active Directory',
            to: 'stays as it is: disable it there, or a synchronisation allows sign-in again',
          },
        ]
      : []),
    { what: `Sessions of ${name}`, to: 'ended, within minutes' },
    ...licences.map((licence) => ({ what: licence.name, from: 'assigned', to: fateOf(licence) })),
    ...(licences.some(({ staysFor }) => staysFor === 'mailbox')
      ? [
          {
            what: 'Mailbox',
            from: `in use (${mailbox ?? 'none'})`,
            to: 'stays as it is: Microsoft Graph cannot convert it to a shared one, Exchange can',
          },
        ]
      : []),
  ];
  return {
    summary: `Block sign-in of ${name}, end all sessions and remove ${removed === 1 ? '1 licence' : `${removed} licences`}`,
    changes,
    affected: [{ entity: 'user', id: target }],
    isReversible: true,
    disruption: 'outage',
  };
}

function fateOf({ staysFor }: AssignedLicence): string {
  if (staysFor === 'group') return 'stays: a group assigns it, so take the user out of the group';
  return staysFor === 'mailbox' ? 'stays: it holds the mailbox' : 'removed';
}

async function setEnabled(ctx: GraphContext, target: string, accountEnabled: boolean): Promise<void> {
  await ctx.http.request(userPath(target), { method: 'PATCH', json: { accountEnabled } });
}

async function changeLicences(
  ctx: GraphContext,
  target: string,
  add: readonly Licence[],
  remove: readonly Licence[],
): Promise<void> {
  const addLicenses = add.map(({ skuId, disabledPlans }) => ({ skuId, disabledPlans }));
  await post(ctx, `${userPath(target)}/assignLicense`, {
    addLicenses,
    removeLicenses: remove.map(({ skuId }) => skuId),
  });
}

async function post(ctx: GraphContext, path: string, json: unknown): Promise<void> {
  await ctx.http.request(path, { method: 'POST', ...(json === undefined ? {} : { json }) });
}

/** What failed, in a list of one; an empty list where it did not. */
async function attempt(step: string, work: () => Promise<void>): Promise<string[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [`${step} failed: ${error instanceof Error ? error.message : 'unknown reason'}`];
  }
}

function licencesOf(value: Json | undefined): readonly Licence[] {
  if (!Array.isArray(value)) return [];
  const members: readonly Json[] = value;
  return members.flatMap((member) => {
    if (typeof member !== 'object' || member === null || !('skuId' in member)) return [];
    const { skuId, disabledPlans } = member;
    if (typeof skuId !== 'string') return [];
    return [{ skuId, disabledPlans: Array.isArray(disabledPlans) ? disabledPlans.map(String) : [] }];
  });
}
