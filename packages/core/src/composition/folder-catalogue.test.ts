import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packTestPlugin } from '../../../../test/support/test-plugin.ts';
import { FolderCatalogue } from './folder-catalogue.ts';

const source = `
import { defineConnection, definePlugin } from '@bailiwick/sdk';
const account = defineConnection({
  name: 'account', label: 'Acme account', config: {}, baseUrl: 'https://acme.example/', auth: { kind: 'none' },
  check: async () => ({ account: 'ops' }),
});
export default definePlugin({ connections: [account] });
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-catalogue-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('lists the plugin that was packed last, leaves out what is none, and sees what changes', async () => {
  const warnings: string[] = [];
  const log = { warn: ({ path }: { path: string }) => void warnings.push(path) } as never;
  const catalogue = new FolderCatalogue({ folder, log });
  expect(await catalogue.list()).toEqual([]);
  const dist = join(folder, 'acme', 'dist');
  await mkdir(dist, { recursive: true });
  await writeFile(
    join(dist, 'acme-1.0.0.bailiwick-plugin'),
    await packTestPlugin({ source, egress: ['acme.example'] }),
  );
  await utimes(join(dist, 'acme-1.0.0.bailiwick-plugin'), 1, 1);
  await writeFile(join(dist, 'broken-1.0.0.bailiwick-plugin'), 'no plugin');
  expect(await catalogue.list()).toMatchObject([{ name: 'test/acme', title: 'Acme', version: '1.0.0', tier: 'none' }]);
  const next = await packTestPlugin({ source, egress: ['acme.example'], version: '1.1.0' });
  await writeFile(join(dist, 'acme-1.1.0.bailiwick-plugin'), next);
  const [entry] = await catalogue.list();
  expect(entry?.version).toBe('1.1.0');
  expect(Buffer.from((await entry?.bytes()) ?? []).equals(Buffer.from(next))).toBe(true);
  await catalogue.list();
  expect(warnings).toEqual([join(dist, 'broken-1.0.0.bailiwick-plugin')]);
});
