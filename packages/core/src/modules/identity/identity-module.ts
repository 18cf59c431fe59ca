import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { Directory } from '#modules/directory';
import { ClientQueries, ContactQueries, MspQueries, SaveContact, UpdateMsp } from '#modules/tenancy';
import { ScopedDb } from '#platform/db/scoped-db';
import { AuthPool } from '#platform/db/tokens';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, provide, worker } from '#platform/module';
import { KeyRing } from '#platform/secrets/key-ring';
import { SecretBox } from '#platform/secrets/secret-box';
import { SettingsToken } from '#platform/settings-token';
import { AcceptInvitation } from './accept-invitation.ts';
import { ApiKeyResolver } from './api-key-resolver.ts';
import { ApiKeys } from './api-keys.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import { makeAuthServer } from './auth-server.ts';
import { CredentialResolver } from './credential-resolver.ts';
import { sweepSignIn } from './identity-jobs.ts';
import { identityCommands } from './identity-commands.ts';
import { IdentityDoor } from './identity-door.ts';
import { identityOperations } from './identity-operations.ts';
import { identityPermissions } from './identity-policy.ts';
import { Invitations } from './invitations.ts';
import { joinActions } from './join-actions.ts';
import { Logins } from './logins.ts';
import { MembershipFacts } from './membership-facts.ts';
import { NoteSignIn } from './note-sign-in.ts';
import { PermissionCatalogue } from './permission-catalogue.ts';
import { PortalLinks } from './portal-links.ts';
import { Roles } from './roles.ts';
import { Sessions } from './sessions.ts';
import { signInActions } from './sign-in-actions.ts';
import { SignInState } from './sign-in-state.ts';
import { StaffAuthority } from './staff-authority.ts';
import { StaffQueries } from './staff-queries.ts';
import { UpdateStaff } from './update-staff.ts';

export const identityModule = defineModule({
  name: 'identity',
  tables: ['identity'],
  permissions: identityPermissions,
  register(container) {
    registerSignIn(container);
    registerStaff(container);
    provide(container, IdentityDoor, makeDoor);
  },
  operations: (c) =>
    identityOperations({
      msps: c.resolve(MspQueries),
      staff: c.resolve(StaffQueries),
      updateStaff: c.resolve(UpdateStaff),
      invitations: c.resolve(Invitations),
      roles: c.resolve(Roles),
      apiKeys: c.resolve(ApiKeys),
      sessions: c.resolve(Sessions),
      portalLinks: c.resolve(PortalLinks),
      contacts: c.resolve(SaveContact),
    }),
  jobs: (c) => [
    worker(sweepSignIn, async () => {
      await c.resolve(AttemptLimiter).sweep();
      await c.resolve(Logins).sweep();
    }),
  ],
  commands: (c) =>
    identityCommands(() => ({
      invitations: c.resolve(Invitations),
      apiKeys: c.resolve(ApiKeys),
      staff: c.resolve(StaffQueries),
      clients: c.resolve(ClientQueries),
      directory: c.resolve(Directory),
      secrets: c.resolve(SecretBox),
      db: c.resolve(ScopedDb),
    })),
});

/** What nearly everything here stands on. */
function base(c: DependencyContainer) {
  return {
    db: c.resolve(ScopedDb),
    directory: c.resolve(Directory),
    audit: c.resolve(AuditTrail),
    clock: c.resolve(ClockToken),
  };
}

function publicUrlOf(c: DependencyContainer): string {
  const settings = c.resolve(SettingsToken);
  return (settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, '');
}

function registerSignIn(container: DependencyContainer): void {
  provide(
    container,
    AttemptLimiter,
    (c) => new AttemptLimiter({ pool: c.resolve(AuthPool), clock: c.resolve(ClockToken) }),
  );
  provide(container, Logins, (c) => {
    const pool = c.resolve(AuthPool);
    const auth = makeAuthServer({ pool, ring: c.resolve(KeyRing), publicUrl: publicUrlOf(c) });
    return new Logins({ auth, pool });
  });
  provide(
    container,
    MembershipFacts,
    (c) =>
      new MembershipFacts({
        ...base(c),
        catalogue: c.resolve(PermissionCatalogue),
        contacts: c.resolve(ContactQueries),
        clients: c.resolve(ClientQueries),
      }),
  );
  provide(container, ApiKeyResolver, (c) => new ApiKeyResolver({ ...base(c), facts: c.resolve(MembershipFacts) }));
  provide(
    container,
    StaffAuthority,
    (c) => new StaffAuthority({ ...base(c), facts: c.resolve(MembershipFacts), apiKeys: c.resolve(ApiKeyResolver) }),
  );
  provide(
    container,
    CredentialResolver,
    (c) =>
      new CredentialResolver({
        ...base(c),
        logins: c.resolve(Logins),
        facts: c.resolve(MembershipFacts),
        apiKeys: c.resolve(ApiKeyResolver),
      }),
  );
  provide(
    container,
    SignInState,
    (c) =>
      new SignInState({
        ...base(c),
        logins: c.resolve(Logins),
        facts: c.resolve(MembershipFacts),
        resolver: c.resolve(CredentialResolver),
        contacts: c.resolve(ContactQueries),
        clients: c.resolve(ClientQueries),
        msps: c.resolve(MspQueries),
      }),
  );
  provide(
    container,
    NoteSignIn,
    (c) => new NoteSignIn({ ...base(c), pool: c.resolve(AuthPool), logins: c.resolve(Logins) }),
  );
}

function registerStaff(container: DependencyContainer): void {
  provide(container, StaffQueries, (c) => new StaffQueries({ db: c.resolve(ScopedDb) }));
  const withFacts = (c: DependencyContainer) => ({
    ...base(c),
    facts: c.resolve(MembershipFacts),
    resolver: c.resolve(CredentialResolver),
    catalogue: c.resolve(PermissionCatalogue),
    staff: c.resolve(StaffQueries),
  });
  const withMail = (c: DependencyContainer) => ({
    ...base(c),
    facts: c.resolve(MembershipFacts),
    msps: c.resolve(MspQueries),
    mailer: c.resolve(Mailer),
    logins: c.resolve(Logins),
    contacts: c.resolve(ContactQueries),
    publicUrl: publicUrlOf(c),
  });
  provide(container, UpdateStaff, (c) => new UpdateStaff(withFacts(c)));
  provide(container, Roles, (c) => new Roles(withFacts(c)));
  provide(container, ApiKeys, (c) => new ApiKeys(withFacts(c)));
  provide(container, Sessions, (c) => new Sessions({ ...withFacts(c), pool: c.resolve(AuthPool) }));
  provide(container, Invitations, (c) => new Invitations(withMail(c)));
  provide(container, PortalLinks, (c) => new PortalLinks(withMail(c)));
  provide(
    container,
    AcceptInvitation,
    (c) => new AcceptInvitation({ ...withMail(c), updateMsp: c.resolve(UpdateMsp) }),
  );
}

function makeDoor(c: DependencyContainer): IdentityDoor {
  const needs = {
    ...base(c),
    logins: c.resolve(Logins),
    state: c.resolve(SignInState),
    limiter: c.resolve(AttemptLimiter),
    resolver: c.resolve(CredentialResolver),
    note: c.resolve(NoteSignIn),
    acceptInvitation: c.resolve(AcceptInvitation),
    portalLinks: c.resolve(PortalLinks),
  };
  return new IdentityDoor({ ...needs, actions: [...signInActions(needs), ...joinActions(needs)] });
}
