import { z } from 'zod';
import { clientIdSchema, mspIdSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import type { MspQueries } from '#modules/tenancy';
import { contactIdSchema, LANGUAGES, type ContactId, type SaveContact } from '#modules/tenancy';
import { apiKeyView, createApiKeyInput, revokeApiKeyInput, type ApiKeys } from './api-keys.ts';
import { apiKeyIdSchema, invitationIdSchema, roleIdSchema } from './grant.ts';
import { inviteStaffInput, type Invitations } from './invitations.ts';
import { OWN_ACCOUNT } from './permission-catalogue.ts';
import type { PortalLinks } from './portal-links.ts';
import { createRoleInput, rolesView, updateRoleInput, type Roles } from './roles.ts';
import { revokeSessionInput, sessionView, type Sessions } from './sessions.ts';
import { listStaffInput, type StaffQueries } from './staff-queries.ts';
import { staffView } from './staff-view.ts';
import { removeStaffInput, updateStaffInput, type UpdateStaff } from './update-staff.ts';

interface Needs {
  readonly msps: MspQueries;
  readonly staff: StaffQueries;
  readonly updateStaff: UpdateStaff;
  readonly invitations: Invitations;
  readonly roles: Roles;
  readonly apiKeys: ApiKeys;
  readonly sessions: Sessions;
  readonly portalLinks: PortalLinks;
  readonly contacts: SaveContact;
}

const nothing = z.object({});
const done = z.object({});

/** What the outside may ask of this module. Signing in is not among it: that happens before there is a scope. */
export function identityOperations(needs: Needs) {
  return { ...ownOperations(needs), ...staffOperations(needs), ...roleOperations(needs) };
}

function ownOperations({ msps, apiKeys, sessions, contacts }: Needs) {
  return {
    whoAmI: defineQuery({
      name: 'identity.who-am-i',
      permission: OWN_ACCOUNT,
      audience: 'both',
      input: nothing,
      output: z.object({
        actor: z.object({ kind: z.string(), id: z.string(), label: z.string() }),
        audience: z.enum(['staff', 'client', 'client_it', 'system']),
        msp: z.object({
          id: mspIdSchema,
          name: z.string(),
          accentHue: z.int(),
          timeZone: z.string(),
          currency: z.string(),
        }),
        reach: z.object({ kind: z.enum(['all', 'only', 'except']), clientIds: z.array(clientIdSchema) }),
        permissions: z.array(z.string()),
      }),
      run: async (scope) => {
        const { id, name, accentHue, timeZone, currency } = await msps.get(scope);
        const clientIds = scope.reach.kind === 'all' ? [] : [...scope.reach.clientIds];
        return {
          actor: scope.actor,
          audience: scope.audience,
          msp: { id, name, accentHue, timeZone, currency },
          reach: { kind: scope.reach.kind, clientIds },
          permissions: [...scope.permissions].toSorted(),
        };
      },
    }),
    chooseLanguage: defineCommand({
      name: 'identity.choose-language',
      permission: OWN_ACCOUNT,
      audience: 'client',
      input: z.object({ language: z.enum(LANGUAGES) }),
      output: done,
      run: async (scope, { language }) => {
        await contacts.chooseLanguage(scope, language);
        return {};
      },
    }),
    listSessions: defineQuery({
      name: 'identity.list-sessions',
      permission: OWN_ACCOUNT,
      input: nothing,
      output: z.array(sessionView),
      run: (scope) => sessions.listOwn(scope),
    }),
    revokeSession: defineCommand({
      name: 'identity.revoke-session',
      permission: OWN_ACCOUNT,
      input: revokeSessionInput,
      output: done,
      run: (scope, { sessionId }) => sessions.revokeOwn(scope, sessionId),
    }),
    listApiKeys: defineQuery({
      name: 'identity.list-api-keys',
      permission: OWN_ACCOUNT,
      input: nothing,
      output: z.array(apiKeyView),
      run: (scope) => apiKeys.listOwn(scope),
    }),
    createApiKey: defineCommand({
      name: 'identity.create-api-key',
      permission: OWN_ACCOUNT,
      input: createApiKeyInput,
      output: z.object({ apiKeyId: apiKeyIdSchema, secret: z.string() }),
      run: (scope, input) => apiKeys.createOwn(scope, input),
    }),
    revokeApiKey: defineCommand({
      name: 'identity.revoke-api-key',
      permission: OWN_ACCOUNT,
      input: revokeApiKeyInput,
      output: done,
      run: (scope, { apiKeyId }) => apiKeys.revokeOwn(scope, apiKeyId as never),
    }),
  };
}

function staffOperations({ staff, updateStaff, invitations, portalLinks }: Needs) {
  return {
    listStaff: defineQuery({
      name: 'identity.list-staff',
      permission: 'identity.read-staff',
      input: listStaffInput,
      output: pageOf(staffView),
      rest: { method: 'GET', path: '/staff', summary: 'Staff, by name' },
      run: (scope, input) => staff.list(scope, input),
    }),
    inviteStaff: defineCommand({
      name: 'identity.invite-staff',
      permission: 'identity.manage-staff',
      input: inviteStaffInput,
      output: z.object({ invitationId: invitationIdSchema, link: z.string() }),
      run: (scope, input) => invitations.inviteStaff(scope, input),
    }),
    updateStaff: defineCommand({
      name: 'identity.update-staff',
      permission: 'identity.manage-staff',
      input: updateStaffInput,
      output: z.object({ version: z.int() }),
      run: (scope, input) => updateStaff.run(scope, input as never),
    }),
    removeStaff: defineCommand({
      name: 'identity.remove-staff',
      permission: 'identity.manage-staff',
      input: removeStaffInput,
      output: z.object({ version: z.int() }),
      run: (scope, input) => updateStaff.remove(scope, input as never),
    }),
    inviteContact: defineCommand({
      name: 'identity.invite-contact',
      permission: 'identity.invite-contact',
      input: z.object({ contactId: contactIdSchema }),
      output: done,
      run: async (scope, { contactId }) => {
        await portalLinks.invite(scope, contactId as ContactId);
        return {};
      },
    }),
  };
}

function roleOperations({ roles }: Needs) {
  return {
    listRoles: defineQuery({
      name: 'identity.list-roles',
      permission: 'identity.read-staff',
      input: nothing,
      output: rolesView,
      run: (scope) => roles.list(scope),
    }),
    createRole: defineCommand({
      name: 'identity.create-role',
      permission: 'identity.manage-roles',
      input: createRoleInput,
      output: z.object({ roleId: roleIdSchema }),
      run: (scope, input) => roles.create(scope, input),
    }),
    updateRole: defineCommand({
      name: 'identity.update-role',
      permission: 'identity.manage-roles',
      input: updateRoleInput,
      output: z.object({ version: z.int() }),
      run: (scope, input) => roles.update(scope, input as never),
    }),
  };
}
