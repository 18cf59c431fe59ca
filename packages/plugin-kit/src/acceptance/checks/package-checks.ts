import { generatePublisherKey, readBundle } from '@bailiwick/plugin-runtime';
import { buildPlugin } from '../../build/build-plugin.ts';
import { packFolder, packPlugin } from '../../build/pack-plugin.ts';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';

/** What a key or a token looks like, wherever it stands. */
const secretShapes: readonly (readonly [string, RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a JSON Web Token', /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
];

/** The bundle itself, without running it. */
export const packageChecks: CheckGroup = {
  name: 'Package',
  checks: [
    {
      name: 'package-installs',
      tier: 'bronze',
      promise:
        'The packed file is taken by an installation: one module of the web platform, within what plugin.json asks for.',
      async run({ plugin }) {
        const bytes = packPlugin(plugin, generatePublisherKey());
        const read = readBundle(bytes);
        return `${bytes.length} bytes, ${read.code.length} of code`;
      },
    },
    {
      name: 'package-reproducible',
      tier: 'bronze',
      promise: 'Building it twice gives the same bytes.',
      async run({ folder }) {
        appliesIf(folder !== undefined, 'The source is not here, only the packed file.');
        const key = generatePublisherKey();
        const first = await packFolder(folder, key);
        const second = packPlugin(await buildPlugin(folder), key);
        expect(Buffer.from(first).equals(second), 'Two builds of the same source differ.');
      },
    },
    {
      name: 'package-without-secrets',
      tier: 'bronze',
      promise: 'Nothing in it looks like a key or a token.',
      async run({ plugin }) {
        const texts = [plugin.code, JSON.stringify(plugin.manifest), ...plugin.docs.map(({ text }) => text)];
        const found = secretShapes.filter(([, shape]) => texts.some((text) => shape.test(text)));
        expect(found.length === 0, `It holds ${some(found.map(([what]) => what))}.`);
      },
    },
    {
      name: 'docs-present',
      tier: 'bronze',
      promise: 'README.md says what it reads and writes, and what to prepare.',
      async run({ plugin }) {
        const readme = plugin.docs.find(({ path }) => path === 'README.md')?.text ?? '';
        expect(readme.trim().length >= 200, 'README.md is missing or has fewer than 200 characters.');
      },
    },
    {
      name: 'docs-complete',
      tier: 'silver',
      promise: 'The documents name each stream, action and webhook.',
      async run({ plugin }) {
        const text = plugin.docs.map((one) => one.text.toLowerCase()).join('\n');
        const { streams, actions, webhooks } = plugin.description;
        const unnamed = Object.entries({ stream: streams, action: actions, webhook: webhooks }).flatMap(
          ([kind, list]) =>
            list
              .filter(({ name, label }) => !text.includes(label.toLowerCase()) && !text.includes(name))
              .map(({ label }) => `${kind} ${label}`),
        );
        expect(unnamed.length === 0, `Not named in any document: ${some(unnamed)}.`);
      },
    },
  ],
};
