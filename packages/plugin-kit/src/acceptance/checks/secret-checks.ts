import type { Fault } from '../../fixtures/fixture-transport.ts';
import type { Bench } from '../bench.ts';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { fromRequest } from '../faults.ts';
import { storeFor, type Rig } from '../rig.ts';
import { readAll } from './sync-checks.ts';

/** A vendor that repeats the request, credentials included, where it says no: proxies and debug modes do. */
const echo: Fault = async (request) => {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const body = request.body === null ? '' : Buffer.from(request.body).toString();
  const text = [`${request.method} ${request.url}`, ...headers, '', body].join('\n');
  return { status: 400, url: request.url, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
};

async function provoke(rig: Rig): Promise<void> {
  for (const first of [1, 2]) {
    rig.transport.breakBy(fromRequest(first, echo));
    await ignore(rig.check());
    await ignore(rig.discover());
    for (const target of await rig.targets()) await ignore(rig.pass(target, storeFor(target)));
  }
  rig.transport.breakBy();
}

async function ignore(work: Promise<unknown>): Promise<void> {
  // What it says is kept by the rig; whether it succeeds is for other checks.
  await work.catch(() => {});
}

/** What holds a secret that some rig knows: the planted ones, each token that a sign-in brought, and each that the plugin fetched by itself. */
function leaks({ outputs, used }: Bench): readonly string[] {
  return [
    ...outputs.holding((text) =>
      used.some(({ broker, watch }) => broker.redactor.appearsIn(text) || watch.appearsIn(text)),
    ),
  ];
}

/** What must not get out. Runs last, over everything that came out in all other checks too. */
export const secretChecks: CheckGroup = {
  name: 'Secrets',
  checks: [
    {
      name: 'secrets-stay-inside',
      tier: 'bronze',
      promise: 'No secret and no token shows up in logs, records, errors, issues, plans or views.',
      async run(bench) {
        const rigs = await bench.rigs();
        for (const rig of rigs) {
          await readAll(rig);
          await provoke(rig);
        }
        const hasSecrets = rigs.some(({ fixture }) => Object.keys(fixture.secrets).length > 0);
        appliesIf(hasSecrets, 'The connection has no secret.');
        const found = leaks(bench);
        expect(found.length === 0, `A secret is in ${some(found)}.`);
      },
    },
  ],
};
