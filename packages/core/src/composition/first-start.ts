import type { DependencyContainer } from 'tsyringe';
import { makeCommandLineScope } from '#entry/command-line/command-line-scope';
import { newId, type MspId } from '#kernel/id';
import { Directory } from '#modules/directory';
import { Invitations, StaffQueries } from '#modules/identity';
import { CreateMsp } from '#modules/tenancy';

/**
 * Makes the one MSP that most installs have, where there is none yet. Its name, zone and currency are provisional: the first administrator is asked for them. As long as nobody
 * administers it, answers with a one-time link (one use, one hour) for whoever reads the terminal.
 */
export async function firstAdministratorLink(container: DependencyContainer): Promise<string | null> {
  const msps = await container.resolve(Directory).listMsps();
  const scope = makeCommandLineScope(msps[0]?.mspId ?? newId<'msp'>(), 'first start');
  if (msps.length === 0) await makeMsp(container, scope.mspId);
  else if (msps.length > 1 || (await container.resolve(StaffQueries).list(scope, { limit: 1 })).items.length > 0)
    return null;
  const { link } = await container.resolve(Invitations).inviteFirstAdministrator(scope);
  return link;
}

async function makeMsp(container: DependencyContainer, mspId: MspId): Promise<void> {
  const timeZone = Temporal.Now.timeZoneId();
  const scope = makeCommandLineScope(mspId, 'first start');
  await container.resolve(CreateMsp).run(scope, { name: 'My MSP', slug: 'main', timeZone, currency: 'EUR' });
}
