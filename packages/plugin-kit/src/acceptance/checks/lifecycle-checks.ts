import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { egressField, matchesHost } from '@bailiwick/plugin-runtime';
import type { ActionEffect } from '@bailiwick/sdk';
import type { Bench } from '../bench.ts';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import type { MemoryStore } from '../memory-store.ts';
import { nameOf, type Rig, type Target } from '../rig.ts';
import { expectComplete, readAll, wholePass } from './sync-checks.ts';

/** What it asks for and what it uses, over all checks before. */
function unused({ plugin, used }: Bench): readonly string[] {
  const { capabilities } = plugin.manifest;
  const { streams, actions, webhooks, subscribers, views, frames } = plugin.description;
  const effects: readonly ActionEffect[] = actions.map(({ effect }) => effect);
  return [
    ...capabilities.records
      .filter((type) => !streams.some(({ entity }) => entity === type))
      .map((type) => `records ${type}`),
    ...(capabilities.actions !== undefined && !effects.includes(capabilities.actions)
      ? [`actions ${capabilities.actions}`]
      : []),
    ...(capabilities.webhooks === true && webhooks.length === 0 ? ['webhooks'] : []),
    ...(capabilities.events ?? []).filter((event) => !subscribers.some(({ events }) => events.includes(event))),
    ...(capabilities.views ?? []).filter((slot) => !views.some((view) => view.slot === slot)),
    ...(capabilities.frames ?? []).filter((slot) => !frames.some((frame) => frame.slot === slot)),
    ...(capabilities.state === true && !used.some(({ hasKeptNotes }) => hasKeptNotes) ? ['state'] : []),
  ];
}

function isReached({ used }: Bench, pattern: string): boolean {
  const field = egressField(pattern);
  return used.some(({ fixture, transport }) => {
    const value = field === undefined ? undefined : fixture.config[field];
    const wanted = typeof value === 'string' ? (URL.parse(value)?.hostname ?? value) : pattern;
    return [...transport.hosts].some((host) => matchesHost(wanted, host));
  });
}

async function expectQuiet(rig: Rig, target: Target, store: MemoryStore): Promise<void> {
  const again = await rig.pass(target, store);
  expectComplete(target, again);
  const { added, changed, deleted } = again;
  expect(added + changed + deleted === 0, `${nameOf(target)}: after a new start, records were written again.`);
}

/** From installing to purging. Runs after the checks whose requests it looks at. */
export const lifecycleChecks: CheckGroup = {
  name: 'Lifecycle',
  checks: [
    {
      name: 'hosts-declared',
      tier: 'bronze',
      promise: 'Nothing is asked of a host that plugin.json does not declare, also where its refusal is swallowed.',
      async run(bench) {
        for (const rig of await bench.rigs()) await readAll(rig);
        const hosts = new Set(bench.used.flatMap(({ watch }) => [...watch.undeclaredHosts]));
        expect(hosts.size === 0, `Not declared, and asked for: ${some([...hosts])}.`);
      },
    },
    {
      name: 'hosts-used',
      tier: 'silver',
      promise: 'Each declared host is reached by something, so that nobody approves more than is needed.',
      async run(bench) {
        const { egress } = bench.plugin.manifest;
        appliesIf(egress.length > 0, 'It reaches no host.');
        const idle = egress.filter((pattern) => !isReached(bench, pattern));
        expect(idle.length === 0, `No fixture leads to ${some(idle)}.`);
      },
    },
    {
      name: 'capabilities-used',
      tier: 'silver',
      promise: 'Each capability that it asks for is used.',
      async run(bench) {
        const idle = unused(bench);
        expect(idle.length === 0, `Asked for and not used: ${some(idle)}.`);
      },
    },
    {
      name: 'leaves-nothing',
      tier: 'gold',
      promise:
        'Installed, disabled, enabled and purged: a second start writes nothing new, and a new installation finds everything as the first one did.',
      async run(bench) {
        const plugin = bench.start();
        for (const rig of await bench.rigs(plugin)) {
          const first = new Map<Target, MemoryStore>();
          for (const target of await rig.targets()) first.set(target, (await wholePass(rig, target)).store);
          const before = new Map([...first].map(([target, store]) => [nameOf(target), store.fingerprint()]));
          await plugin.stop();
          for (const [target, store] of first) await expectQuiet(rig, target, store);
          rig.purge();
          await plugin.stop();
          expect(rig.stateCount === 0, 'Notes were left.');
          for (const target of await rig.targets()) {
            const { store } = await wholePass(rig, target);
            const isSame = store.fingerprint() === before.get(nameOf(target));
            expect(
              isSame,
              `${nameOf(target)}: installed anew, it reads something else: it left something at the vendor.`,
            );
          }
        }
        await plugin.stop();
        const files = await readdir(dirname(bench.bundle));
        const left = files.filter((name) => name !== basename(bench.bundle));
        expect(left.length === 0, `It left ${some(left)} beside its bundle.`);
      },
    },
  ],
};
