import type { FailureName } from '@bailiwick/plugin-runtime';
import type { Fault } from '../../fixtures/fixture-transport.ts';
import type { VendorFaults } from '../../fixtures/fixture-schemas.ts';
import { appliesIf, expect, type Check, type CheckGroup } from '../check.ts';
import { failureOf, tell } from '../failures.ts';
import { answerAll, answerRequests, failAll } from '../faults.ts';

interface Refusal {
  readonly name: string;
  readonly tier: 'bronze' | 'silver';
  readonly when: string;
  readonly fault: (faults: VendorFaults) => Fault;
  readonly wanted: readonly FailureName[];
}

const refusals: readonly Refusal[] = [
  {
    name: 'check-unauthorised',
    tier: 'bronze',
    when: 'the vendor answers 401',
    fault: ({ unauthorised }) => answerAll(unauthorised ?? { status: 401, json: { error: 'unauthorised' } }),
    wanted: ['AuthFailed', 'ConfigInvalid'],
  },
  {
    name: 'check-expired',
    tier: 'silver',
    when: 'each new session is at once refused',
    fault: ({ expired }) => answerRequests(expired ?? { status: 401, json: { error: 'expired' } }),
    wanted: ['AuthFailed'],
  },
  {
    name: 'check-forbidden',
    tier: 'silver',
    when: 'the vendor answers 403',
    fault: ({ forbidden }) => answerRequests(forbidden ?? { status: 403, json: { error: 'forbidden' } }),
    wanted: ['PermissionMissing'],
  },
  {
    name: 'check-no-such-host',
    tier: 'silver',
    when: 'the name of the host is not known',
    fault: () => failAll('dns'),
    wanted: ['Transient', 'ConfigInvalid'],
  },
  {
    name: 'check-tls',
    tier: 'silver',
    when: 'the certificate is not to be trusted',
    fault: () => failAll('tls'),
    wanted: ['Transient', 'ConfigInvalid'],
  },
  {
    name: 'check-timeout',
    tier: 'silver',
    when: 'the vendor does not answer',
    fault: () => failAll('timeout'),
    wanted: ['Transient'],
  },
];

/** More requests than any refused check needs: beyond it, somebody tries again and again. */
const MOST_REQUESTS = 30;

function refusalCheck({ name, tier, when, fault, wanted }: Refusal): Check {
  return {
    name,
    tier,
    promise: `The check fails with ${wanted[0] ?? ''} where ${when}.`,
    async run(bench) {
      for (const rig of await bench.rigs()) {
        rig.transport.breakBy(fault(bench.fixtures.faults));
        const failure = await failureOf(rig.check(), `The check passed although ${when}.`);
        expect(wanted.includes(failure.failure), `It failed with ${tell(failure)}`);
        const { length } = rig.transport.sent;
        expect(length <= MOST_REQUESTS, `It sent ${length} requests to a vendor that refuses.`);
      }
    },
  };
}

/** Signing in, and telling what is wrong. */
export const connectionChecks: CheckGroup = {
  name: 'Connection',
  checks: [
    {
      name: 'check-ok',
      tier: 'bronze',
      promise: 'The check says who is signed in.',
      async run(bench) {
        const found = [];
        for (const rig of await bench.rigs()) found.push((await rig.check()).account);
        return found.join(', ');
      },
    },
    {
      name: 'check-wrong-secret',
      tier: 'silver',
      promise: 'The check fails with AuthFailed where the vendor refuses the secret.',
      async run(bench) {
        for (const fixture of bench.fixtures.connections) {
          appliesIf(Object.keys(fixture.secrets).length > 0, 'The connection has no secret.');
          const wrong = Object.keys(fixture.secrets).map((key) => [key, `wrong-${key}-canary`] as const);
          const rig = await bench.rig({ ...fixture, secrets: Object.fromEntries(wrong) });
          appliesIf(rig.player.isEmpty, 'Cassettes do not know which secret is right.');
          const failure = await failureOf(rig.check(), 'The vendor took a wrong secret: does vendor.ts look at it?');
          expect(failure.failure === 'AuthFailed', `It failed with ${tell(failure)}`);
        }
      },
    },
    ...refusals.map(refusalCheck),
    {
      name: 'options-listed',
      tier: 'silver',
      promise: 'Each list of options can be read.',
      async run(bench) {
        const rigs = await bench.rigs();
        const names = rigs.flatMap((rig) => rig.type.options.map((name) => ({ rig, name })));
        appliesIf(names.length > 0, 'No field is chosen from a list.');
        for (const { rig, name } of names) {
          const listed = await rig.call({ kind: 'options', name }, null);
          expect(Array.isArray(listed) && listed.length > 0, `The list "${name}" is empty.`);
        }
      },
    },
  ],
};
