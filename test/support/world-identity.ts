import { newId, type ClientId } from '../../packages/core/src/kernel/id.ts';
import { makeTenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { createApiKeyInput, ApiKeys } from '../../packages/core/src/modules/identity/api-keys.ts';
import { inviteStaffInput, Invitations } from '../../packages/core/src/modules/identity/invitations.ts';
import { createRoleInput, Roles } from '../../packages/core/src/modules/identity/roles.ts';
import { StaffQueries } from '../../packages/core/src/modules/identity/staff-queries.ts';
import type { LoginId } from '../../packages/core/src/modules/identity/identity-table.ts';
import { ScopedDb } from '../../packages/core/src/platform/db/scoped-db.ts';
import { systemScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** A member of staff with a key, a role, and an open invitation. */
export async function addIdentity(app: TestApp, world: World): Promise<void> {
  const { container } = app;
  const scope = systemScope(world.mspId);
  await container
    .resolve(Roles)
    .create(scope, createRoleInput.parse({ name: 'Reader', permissions: ['tenancy.read-clients'] }));
  const email = `invited@${world.mspId.slice(-8)}.example`;
  await container
    .resolve(Invitations)
    .inviteStaff(scope, inviteStaffInput.parse({ email, standardRoles: ['technician'] }));
  const staff = await addStaff(app, world, { name: 'Ada', standardRoles: ['administrator'] });
  await container
    .resolve(ApiKeys)
    .createFor(
      scope,
      await container.resolve(StaffQueries).ofLogin(scope, staff.loginId),
      createApiKeyInput.parse({ name: 'reader', permissions: ['tenancy.read-clients'] }),
    );
}

/** A member of staff whose login nobody can sign in to: for tests below the door. */
export async function addStaff(
  app: TestApp,
  world: Pick<World, 'mspId'>,
  staff: { name: string; standardRoles: string[]; onlyClients?: ClientId[] },
): Promise<{ staffId: string; loginId: LoginId }> {
  const [staffId, loginId] = [newId(), newId<'login'>()];
  await app.container.resolve(ScopedDb).transaction(systemScope(world.mspId), (tx) =>
    tx.sql(
      `insert into identity_staff (msp_id, id, login_id, name, email, standard_roles, reach, reach_clients, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        world.mspId,
        staffId,
        loginId,
        staff.name,
        `${loginId}@staff.example`,
        staff.standardRoles,
        staff.onlyClients === undefined ? 'all' : 'only',
        staff.onlyClients ?? [],
        app.clock.now(),
      ],
    ),
  );
  return { staffId, loginId };
}

/** The scope of a member of staff as sign-in would make it. */
export function loginScope(world: Pick<World, 'mspId'>, loginId: LoginId, permissions: readonly string[]) {
  return makeTenantScope({
    mspId: world.mspId,
    reach: { kind: 'all' },
    audience: 'staff',
    actor: { kind: 'login', id: loginId, label: 'Ada' },
    permissions: new Set(permissions),
    requestId: newId(),
  });
}
