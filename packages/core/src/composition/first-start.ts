import type { DependencyContainer } from 'tsyringe';
import { makeCommandLineScope } from '#entry/command-line/command-line-scope';
import { newId } from '#kernel/id';
import { Directory } from '#modules/directory';
import { CreateMsp } from '#modules/tenancy';

/**
 * Makes the one MSP that most installs have, where there is none yet. Its name, zone and currency are provisional: the first administrator is asked for
 * them. Answers whether this was the first start.
 */
export async function makeFirstMsp(container: DependencyContainer): Promise<boolean> {
  const msps = await container.resolve(Directory).listMsps();
  if (msps.length > 0) return false;
  const scope = makeCommandLineScope(newId<'msp'>(), 'first start');
  const timeZone = Temporal.Now.timeZoneId();
  await container.resolve(CreateMsp).run(scope, { name: 'My MSP', slug: 'main', timeZone, currency: 'EUR' });
  return true;
}
