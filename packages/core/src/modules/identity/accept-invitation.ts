import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { currencySchema } from '#kernel/money';
import { text, timeZoneSchema } from '#kernel/text';
import type { AuditTrail } from '#modules/audit';
import type { Directory } from '#modules/directory';
import type { MspQueries, UpdateMsp } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { LookupScope } from './credential-resolver.ts';
import type { IdentityTables, InvitationId, LoginId, StaffId } from './identity-table.ts';
import type { Answered, Logins, OpenSession, SignInRequest } from './logins.ts';

const tokenSchema = z.string().max(200);
export const lookAtInvitationInput = z.object({ token: tokenSchema });
export const acceptInvitationInput = z.object({
  token: tokenSchema,
  name: text({ max: 120 }),
  /** Left out by somebody who is signed in and takes the invitation with that login. */
  password: z
    .string()
    .min(12, { error: 'must have at least 12 characters' })
    .max(128, { error: 'must have at most 128 characters' })
    .optional(),
  /** Only the first administrator says it; others were invited by it. */
  email: z.email({ error: 'must be an e-mail address' }).max(254).toLowerCase().optional(),
  /** The first administrator's names for the MSP. */
  msp: z.object({ name: text({ max: 120 }), timeZone: timeZoneSchema, currency: currencySchema }).optional(),
});
type Input = z.output<typeof acceptInvitationInput>;

interface Deps {
  readonly db: ScopedDb;
  readonly directory: Directory;
  readonly logins: Logins;
  readonly msps: MspQueries;
  readonly updateMsp: UpdateMsp;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** Makes who follows an invitation a member of staff. */
export class AcceptInvitation {
  readonly #db: ScopedDb<IdentityTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<IdentityTables>();
    this.#deps = deps;
  }

  /** What a link is for, before it is used. Throws `identity.invitation-over`. */
  async look(token: string, lookup: LookupScope) {
    const { scope, invitation } = await this.#find(token, lookup);
    const msp = await this.#deps.msps.get(scope);
    return {
      email: invitation.email,
      isFirstAdministrator: invitation.is_first_administrator,
      msp: { name: msp.name, timeZone: msp.timeZone, currency: msp.currency },
    };
  }

  /**
   * A new login with a password, or the one that is signed in (with its second factor) when the link is followed: logins are never joined because their addresses are
   * the same. Throws `identity.invitation-over`, `identity.login-exists`.
   */
  async run(
    input: Input,
    current: OpenSession | null,
    request: SignInRequest,
    lookup: LookupScope,
  ): Promise<Answered<{ token: string }>> {
    const { logins } = this.#deps;
    const { scope, invitation } = await this.#find(input.token, lookup);
    const isSignedIn = current !== null && (current.factor === 'totp' || current.factor === 'passkey');
    const email = isSignedIn ? current.email : (invitation.email ?? input.email);
    if (email === undefined) throw missing('email');
    if (!isSignedIn && input.password === undefined) throw missing('password');
    const loginId = isSignedIn ? current.loginId : newId<'login'>();
    if (!isSignedIn)
      await logins.create({
        id: loginId,
        email,
        name: input.name,
        ...(input.password === undefined ? {} : { password: input.password }),
      });
    let staffId: StaffId;
    try {
      const actor = { kind: 'login', id: loginId, label: input.name } as const;
      staffId = await this.#join(lookup(scope.mspId, actor), invitation.id, input, { loginId, email });
    } catch (error) {
      if (!isSignedIn) await logins.remove(loginId);
      throw error;
    }
    const factor = isSignedIn ? current.factor : 'password';
    const membership = { mspId: scope.mspId, membershipId: staffId, membershipKind: 'staff' } as const;
    return logins.openSession(request, { loginId, factor, ...membership });
  }

  async #join(
    scope: ReturnType<LookupScope>,
    invitationId: InvitationId,
    input: Input,
    login: { loginId: LoginId; email: string },
  ): Promise<StaffId> {
    const { directory, updateMsp, msps, audit, clock } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const now = clock.now();
      const invitation = await this.#claim(tx, invitationId, input.token, now);
      const taken = await tx.query
        .selectFrom('identity_staff')
        .select('id')
        .where('login_id', '=', login.loginId)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      if (taken !== undefined)
        throw new ConflictError('identity.already-staff', 'This login works for this MSP already.');
      const id: StaffId = newId();
      const { standard_roles, role_ids, reach, reach_clients } = invitation;
      await tx.query
        .insertInto('identity_staff')
        .values({
          msp_id: scope.mspId,
          id,
          login_id: login.loginId,
          name: input.name,
          email: login.email,
          standard_roles,
          role_ids,
          reach,
          reach_clients,
          expires_at: invitation.membership_expires_at,
          removed_at: null,
          created_at: now,
        })
        .execute();
      await directory.addMembership(tx, { loginId: login.loginId, membershipId: id, kind: 'staff' });
      if (invitation.is_first_administrator && input.msp !== undefined) {
        const { version } = await msps.get(scope);
        await updateMsp.run(scope, { version, ...input.msp }, tx);
      }
      await audit.record(tx, {
        action: 'identity.accept-invitation',
        subject: { kind: 'staff', id, clientId: null },
        summary: `${input.name} (${login.email}) joined as staff`,
        after: { roles: standard_roles, reach, reach_clients },
      });
      return id;
    });
  }

  /** The secret is taken first: of two who follow one link at once, one waits here and then finds it gone. */
  async #claim(
    tx: ScopedTransaction<IdentityTables>,
    invitationId: InvitationId,
    token: string,
    now: Temporal.Instant,
  ) {
    if (!(await this.#deps.directory.takeRoute(tx, 'invitation', token))) throw over();
    const invitation = await tx.query
      .updateTable('identity_invitation')
      .set({ accepted_at: now })
      .where('id', '=', invitationId)
      .where('accepted_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst();
    if (invitation === undefined) throw over();
    return invitation;
  }

  async #find(token: string, lookup: LookupScope) {
    const route = await this.#deps.directory.findRoute('invitation', token);
    if (route === null) throw over();
    const scope = lookup(route.mspId);
    const invitation = await this.#db.readFirst(scope, (query) =>
      query
        .selectFrom('identity_invitation')
        .selectAll()
        .where('id', '=', route.subjectId as InvitationId),
    );
    const now = this.#deps.clock.now();
    const isOpen =
      invitation !== undefined &&
      invitation.accepted_at === null &&
      invitation.revoked_at === null &&
      Temporal.Instant.compare(invitation.expires_at, now) > 0;
    if (!isOpen) throw over();
    return { scope, invitation };
  }
}

function over(): ConflictError {
  return new ConflictError(
    'identity.invitation-over',
    'This link does not work any more: it was used, withdrawn, or is too old. Ask for a new one.',
  );
}

function missing(field: string): InvalidInputError {
  return new InvalidInputError('identity.incomplete', `${field} must be given.`, {
    fields: [{ path: [field], message: 'must be given' }],
  });
}
