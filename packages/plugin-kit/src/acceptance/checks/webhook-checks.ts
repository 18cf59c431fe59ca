import {
  CallFailed,
  checkOutcome,
  checkRoute,
  jsonHash,
  normaliseBatch,
  verifyDelivery,
  type RawDelivery,
  type VerifiedDelivery,
  type WebhookDescription,
} from '@bailiwick/plugin-runtime';
import type { Delivery, Json, WebhookOutcome } from '@bailiwick/sdk';
import type { WebhookFixture } from '../../fixtures/fixture-schemas.ts';
import type { Bench } from '../bench.ts';
import { CheckFailed, appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { isTyped, tell } from '../failures.ts';
import type { Rig } from '../rig.ts';
import { signDelivery, type DeliveryParts } from '../sign-delivery.ts';

/** A delivery of `webhooks.json`, with the rig that it goes to. */
interface Posted {
  readonly rig: Rig;
  readonly webhook: WebhookDescription;
  readonly fixture: WebhookFixture;
  readonly parts: DeliveryParts;
}

async function eachPosted(bench: Bench, work: (posted: Posted) => Promise<void>): Promise<number> {
  const { webhooks } = bench.plugin.description;
  appliesIf(webhooks.length > 0, 'It takes no deliveries.');
  let count = 0;
  for (const rig of await bench.rigs()) {
    for (const webhook of webhooks.filter(({ connection }) => connection === rig.type.name)) {
      const fixtures = bench.fixtures.webhooks.filter((fixture) => fixture.webhook === webhook.name);
      if (fixtures.length === 0) throw new CheckFailed(`fixtures/webhooks.json has no delivery for ${webhook.name}.`);
      for (const fixture of fixtures) {
        await work({ rig, webhook, fixture, parts: partsOf(rig, webhook, fixture) });
        count += 1;
      }
    }
  }
  return count;
}

function partsOf(
  { fixture: { config, secrets }, now }: Rig,
  { verify }: WebhookDescription,
  given: WebhookFixture,
): DeliveryParts {
  const { headers = {}, query = {}, body } = given;
  const at = Math.floor(Temporal.Instant.from(now).epochMilliseconds / 1000);
  return { verify, headers, query, config, secrets, at, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function judge({ rig, webhook }: Posted, raw: RawDelivery): VerifiedDelivery {
  const { config, secrets } = rig.fixture;
  return verifyDelivery(webhook, raw, { config, secret: secrets }, Temporal.Instant.from(rig.now));
}

function accepted(posted: Posted, raw: RawDelivery): Extract<VerifiedDelivery, { ok: true }> {
  const verdict = judge(posted, raw);
  if (verdict.ok) return verdict;
  throw new CheckFailed(`${posted.webhook.name}: a good delivery was refused: ${verdict.reason}.`);
}

/** Routes and handles a delivery as the platform does. */
async function handle(
  { rig, webhook }: Posted,
  delivery: Delivery,
): Promise<{ route: string | null; outcome: WebhookOutcome }> {
  const { name } = webhook;
  const route = webhook.routes ? checkRoute(await rig.call({ kind: 'route', name, delivery }, null)) : null;
  const found = (await rig.discovered()).find(({ id }) => id === route);
  const scope = found === undefined ? null : { id: found.id, name: found.name, kind: found.kind };
  const streams = new Set(rig.streams.map((stream) => stream.name));
  const answer = await rig.call({ kind: 'handle', name, delivery }, scope);
  return { route, outcome: checkOutcome(answer, webhook, streams) };
}

async function expectGoodRecords(
  { rig, webhook }: Posted,
  outcome: WebhookOutcome,
  route: string | null,
): Promise<void> {
  const known = new Set((await rig.discovered()).map(({ id }) => id));
  for (const [name, batch] of Object.entries(outcome.batches ?? {})) {
    const stream = rig.streams.find((one) => one.name === name);
    if (stream === undefined)
      throw new CheckFailed(`${webhook.name} brings records for "${name}", which is no stream.`);
    const isBound = stream.grain === 'scope' && route !== null;
    const { refused } = normaliseBatch(
      stream,
      batch,
      isBound ? { kind: 'bound', scope: route } : { kind: 'known', scopes: known },
    );
    expect(refused.length === 0, `${webhook.name}: ${some(refused.map(({ id, reason }) => `${id}: ${reason}`))}`);
  }
}

/** A secret of the same length that is not the right one. */
function forged(secrets: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).map(([key, value]) => [
      key,
      Array.from(value)
        .toReversed()
        .join('')
        .replace(/^.{0,2}/, 'Zz'),
    ]),
  );
}

/** The texts of the configuration that the verification compares with. */
function comparedConfig({ verify, config }: DeliveryParts): Record<string, string> {
  const templates = JSON.stringify(verify);
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      typeof value === 'string' && templates.includes(`{config.${key}}`) ? [[key, value]] : [],
    ),
  );
}

function forgeries(parts: DeliveryParts): readonly (readonly [string, RawDelivery])[] {
  const good = signDelivery(parts);
  const config = { ...parts.config, ...forged(comparedConfig(parts)) };
  const { kind } = parts.verify;
  const bare: RawDelivery = { ...good, headers: { ...parts.headers }, rawBody: Buffer.from(parts.body) };
  const changed: RawDelivery = { ...good, rawBody: Buffer.concat([good.rawBody, Buffer.from(' ')]) };
  const isOverBody = kind === 'hmac' || kind === 'standard-webhooks';
  return [
    ['unsigned', bare],
    ['signed with another secret', signDelivery({ ...parts, secrets: forged(parts.secrets), config })],
    ...(isOverBody ? [['changed after it was signed', changed] as const] : []),
  ];
}

const oddBodies: readonly Json[] = [{}, [], null, 'no JSON at all', { unexpected: { things: [1, 2, 3] } }];

/** What the vendor sends by itself. */
export const webhookChecks: CheckGroup = {
  name: 'Webhooks',
  checks: [
    {
      name: 'webhooks-handled',
      tier: 'silver',
      promise: 'A good delivery is taken, goes to its scope, and brings right records; a second time it says the same.',
      async run(bench) {
        await eachPosted(bench, async (posted) => {
          const { delivery } = accepted(posted, signDelivery(posted.parts));
          const first = await handle(posted, delivery);
          const { scope } = posted.fixture;
          const isRouted = scope === undefined || first.route === scope;
          expect(isRouted, `${posted.webhook.name} routed to ${String(first.route)}, not to ${String(scope)}.`);
          await expectGoodRecords(posted, first.outcome, first.route);
          const second = await handle(posted, delivery);
          const isSame = jsonHash(first as unknown as Json) === jsonHash(second as unknown as Json);
          expect(isSame, `${posted.webhook.name}: the same delivery led to something else the second time.`);
        });
      },
    },
    {
      name: 'forged-deliveries-refused',
      tier: 'bronze',
      promise: 'A delivery that is unsigned, signed with another secret, or changed is refused.',
      async run(bench) {
        let checked = 0;
        await eachPosted(bench, async (posted) => {
          if (posted.webhook.verify.kind === 'address') return;
          checked += 1;
          for (const [what, raw] of forgeries(posted.parts)) {
            expect(!judge(posted, raw).ok, `${posted.webhook.name}: a delivery ${what} was taken.`);
          }
        });
        appliesIf(checked > 0, 'Nothing but the address vouches for deliveries.');
      },
    },
    {
      name: 'expired-deliveries-refused',
      tier: 'silver',
      promise: 'A delivery whose time stamp is old is refused.',
      async run(bench) {
        let checked = 0;
        await eachPosted(bench, async (posted) => {
          const { verify } = posted.webhook;
          const tolerance =
            verify.kind === 'hmac'
              ? verify.timestamp?.toleranceSeconds
              : verify.kind === 'standard-webhooks'
                ? 300
                : undefined;
          if (tolerance === undefined) return;
          checked += 1;
          const raw = signDelivery({ ...posted.parts, at: posted.parts.at - tolerance - 60 });
          expect(!judge(posted, raw).ok, `${posted.webhook.name}: a delivery from long ago was taken.`);
        });
        appliesIf(checked > 0, 'The vendor signs no time.');
      },
    },
    {
      name: 'replayed-deliveries-known',
      tier: 'silver',
      promise: 'A delivery that comes again is known again, also where what is not signed in it was changed.',
      async run(bench) {
        await eachPosted(bench, async (posted) => {
          const raw = signDelivery(posted.parts);
          const first = accepted(posted, raw);
          const idHeader = posted.webhook.idHeader?.toLowerCase();
          const again =
            idHeader === undefined ? raw : { ...raw, headers: { ...raw.headers, [idHeader]: 'another-id' } };
          const second = judge(posted, again);
          const isForgeable = posted.webhook.verify.kind === 'hmac' || idHeader === undefined;
          if (!second.ok || !isForgeable) return;
          const isKnown = second.replayIds.some((id) => first.replayIds.includes(id));
          expect(isKnown, `${posted.webhook.name}: the same delivery with another id passed as a new one.`);
        });
      },
    },
    {
      name: 'odd-deliveries-survived',
      tier: 'gold',
      promise: 'A body that nobody expects leads to nothing or to a typed error, not to a bug.',
      async run(bench) {
        await eachPosted(bench, async (posted) => {
          for (const body of oddBodies) {
            const text = typeof body === 'string' ? body : JSON.stringify(body);
            const verdict = judge(posted, signDelivery({ ...posted.parts, body: text }));
            if (!verdict.ok) continue;
            const failure = await handle(posted, verdict.delivery).catch((error: unknown) => error);
            const isBug = failure instanceof CallFailed && !isTyped(failure);
            expect(!isBug, `${posted.webhook.name}: the body ${text} led to ${isBug ? tell(failure) : ''}`);
          }
        });
      },
    },
  ],
};
