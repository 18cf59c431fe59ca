import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import type { Reach, TenantScope } from '#kernel/tenant-scope';
import { instantSchema } from '#kernel/text';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { MspQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { Mailer } from '#platform/mail/mailer';
import { assertGrantable, grantFields, requireFullReach } from './grant.ts';
import type { IdentityTables, InvitationId, RoleId } from './identity-table.ts';
import type { MembershipFacts } from './membership-facts.ts';
import { storedReach } from './reach.ts';

export const inviteStaffInput = z.object({
  email: z.email({ error: 'must be an e-mail address' }).max(254).toLowerCase(),
  ...grantFields,
  membershipExpiresAt: instantSchema.optional(),
});
export type InviteStaffInput = z.output<typeof inviteStaffInput>;

/** A mailed invitation waits for a weekend; the first administrator's is on a terminal that others may read. */
const INVITATION_HOURS = 72;
const FIRST_LINK_HOURS = 1;

interface Deps {
  readonly db: ScopedDb;
  readonly directory: Directory;
  readonly facts: MembershipFacts;
  readonly msps: MspQueries;
  readonly audit: AuditTrail;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly publicUrl: string;
}

interface NewInvitation {
  readonly email: string | null;
  readonly isFirstAdministrator: boolean;
  readonly standardRoles: readonly string[];
  readonly roleIds: readonly string[];
  readonly reach: Reach;
  readonly membershipExpiresAt: Temporal.Instant | null;
  readonly hours: number;
}

/** Invites people to work for an MSP, by links that work once and are stored as hashes. */
export class Invitations {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** Mails an invitation and answers its link, for who gives it by another way. Throws as `assertGrantable` does. */
  async inviteStaff(
    scope: TenantScope,
    input: InviteStaffInput,
  ): Promise<{ invitationId: InvitationId; link: string }> {
    if (scope.audience !== 'system') requireFullReach(scope);
    const invited = await this.#create(scope, {
      ...input,
      isFirstAdministrator: false,
      membershipExpiresAt: input.membershipExpiresAt ?? null,
      hours: INVITATION_HOURS,
    });
    return invited;
  }

  /** The one-time link of the first administrator, who names themselves. One hour. System scope only: the command line and the first start. */
  async inviteFirstAdministrator(scope: TenantScope): Promise<{ invitationId: InvitationId; link: string }> {
    if (scope.audience !== 'system') throw new TypeError('Only the platform itself invites the first administrator.');
    return this.#create(scope, {
      email: null,
      isFirstAdministrator: true,
      standardRoles: ['administrator'],
      roleIds: [],
      reach: { kind: 'all' },
      membershipExpiresAt: null,
      hours: FIRST_LINK_HOURS,
    });
  }

  async #create(scope: TenantScope, invitation: NewInvitation): Promise<{ invitationId: InvitationId; link: string }> {
    const { directory, facts, audit, mailer, msps, clock, publicUrl } = this.#deps;
    const now = clock.now();
    const expiresAt = now.add({ hours: invitation.hours });
    if (invitation.standardRoles.length + invitation.roleIds.length === 0)
      throw new InvalidInputError('identity.no-role', 'An invitation needs at least one role.', {
        fields: [{ path: ['standardRoles'], message: 'must name at least one role' }],
      });
    return this.#db.transaction(scope, async (tx) => {
      await assertGrantable(tx, facts, scope, invitation);
      const id: InvitationId = newId();
      const secret = randomBytes(32).toString('base64url');
      await tx.query
        .insertInto('identity_invitation')
        .values({
          msp_id: scope.mspId,
          id,
          is_first_administrator: invitation.isFirstAdministrator,
          email: invitation.email,
          standard_roles: [...invitation.standardRoles],
          role_ids: [...invitation.roleIds] as RoleId[],
          ...storedReach(invitation.reach),
          membership_expires_at: invitation.membershipExpiresAt,
          expires_at: expiresAt,
          accepted_at: null,
          revoked_at: null,
          created_at: now,
        })
        .execute();
      await directory.addRoute(tx, { kind: 'invitation', secret, subjectId: id, expiresAt });
      const page = invitation.isFirstAdministrator ? 'setup' : 'accept-invitation';
      const link = `${publicUrl}/${page}#${secret}`;
      const msp = await msps.get(scope);
      if (invitation.email !== null)
        await mailer.send(tx, {
          clientId: null,
          purpose: 'identity.staff-invitation',
          to: [{ address: invitation.email }],
          fromName: msp.name,
          subject: `Your invitation to ${msp.name}`,
          text: `${scope.actor.label} invites you to work for ${msp.name}.\n\nOpen this link within three days; it works once:\n${link}\n`,
          isSecret: true,
        });
      await audit.record(tx, {
        action: 'identity.invite-staff',
        subject: { kind: 'invitation', id, clientId: null },
        summary: invitation.email === null ? 'Made a link for the first administrator' : `Invited ${invitation.email}`,
        after: { email: invitation.email, roles: invitation.standardRoles, reach: invitation.reach },
      });
      return { invitationId: id, link };
    });
  }
}
