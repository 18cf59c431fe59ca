// Runs the acceptance kit over the plugins of packages/plugins and writes what it finds beside each, as `accepted.json`: packing takes it from there, for the kit takes
// longer than a start may. A test says where it is out of date.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accept, toAccepted } from '@bailiwick/plugin-kit';

const folder = fileURLToPath(new URL('../packages/plugins', import.meta.url));

for (const name of readdirSync(folder)) {
  const plugin = join(folder, name);
  if (!existsSync(join(plugin, 'plugin.json'))) continue;
  const accepted = toAccepted(await accept(plugin));
  writeFileSync(join(plugin, 'accepted.json'), `${JSON.stringify(accepted, null, 2)}\n`);
  process.stdout.write(`${name}: ${accepted.tier}\n`);
}
