import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPlugin } from '@bailiwick/plugin-kit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPluginCommand } from '../support/plugin-command.ts';

let outside: string;
let folder: string;
let source: string;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'bailiwick author '));
  ({ folder } = await createPlugin(join(outside, 'acme')));
  source = await readFile(join(folder, 'src', 'plugin.ts'), 'utf8');
});

afterAll(async () => {
  await rm(outside, { recursive: true, force: true });
});

const save = (text: string): Promise<void> => writeFile(join(folder, 'src', 'plugin.ts'), text);

it('runs a plugin, and runs it again with what was saved in about a second', async () => {
  await using dev = startPluginCommand(outside, ['dev', 'acme']);
  await dev.prints(/✓ devices\s+10 devices[\s\S]*north\s+1\s+north-pc-01\s+NORTH1001[\s\S]*south-pc-05/);
  expect(dev.output()).toMatch(/✓ check\s+ops@msp\.example/);
  expect(dev.output()).toMatch(/✓ discover\s+2 scopes\n.*\n\s+north\s+North office\s+site/);

  const changed = dev.prints(/saved-north-pc-01/);
  const startMs = performance.now();
  await save(source.replace('name: hostname', 'name: `saved-${hostname}`'));
  await changed;
  // The promise is a second on a machine that has nothing else to do; the test's machine runs other tests.
  expect(performance.now() - startMs).toBeLessThan(5000);
  expect(dev.output()).toMatch(/running \d+ ms after the save/);
});

it('shows what is wrong and goes on with the next save', async () => {
  await save(source);
  await using dev = startPluginCommand(outside, ['dev', 'acme']);
  await dev.prints(/✓ devices/);
  const broken = dev.prints(/✗ src\/plugin\.ts:\d+:\d+: /);
  await appendFile(join(folder, 'src', 'plugin.ts'), '\nconst = 1;\n');
  await broken;
  const refused = dev.prints(/✗ defineConnection\('api-key'\): auth is missing\./);
  await save(source.replace(/^ {2}auth: .*$/m, ''));
  await refused;
  const failed = dev.prints(/✗ check\s+AuthFailed: /);
  await save(source.replace("value: '{secret.key}'", "value: 'wrong-{secret.key}'"));
  await failed;
  const repaired = dev.prints(/✓ devices\s+10 devices/);
  await save(source);
  await repaired;
  expect(dev.child.exitCode).toBeNull();
});

it('shows a stream whose records are all refused as failed: the reason once, how many, and of which scope', async () => {
  await using dev = startPluginCommand(outside, ['dev', 'acme']);
  await dev.prints(/✓ devices/);
  const refused = dev.prints(/✗ devices\s+10 refused, 0 devices in 6 requests\n(.*serial.*)\n/);
  await save(source.replace('serialNumber: serial', 'serialNumbr: serial'));
  await refused;
  expect(dev.output().match(/refused 5 of north, 5 of south: .*serialNumbr.*\(such as 1\)/g)).toHaveLength(1);
  const some = dev.prints(/! devices\s+2 refused, 8 devices in 6 requests\n\s+refused 1 of north, 1 of south: /);
  await save(source.replace('serialNumber: serial', '[id === 3 ? "serialNumbr" : "serialNumber"]: serial'));
  await some;
  await save(source);
});

it('ends at Ctrl-C, and leaves no process', async () => {
  await using dev = startPluginCommand(outside, ['dev', 'acme']);
  await dev.prints(/✓ devices/);
  dev.child.kill('SIGINT');
  expect(await dev.ended).toBe(0);
});
