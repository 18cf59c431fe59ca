import { checkBlocks, jsonHash, type Call } from '@bailiwick/plugin-runtime';
import type { CoreEvent, CoreEventName, CoreEvents, Json } from '@bailiwick/sdk';
import { appliesIf, expect, some, type CheckGroup } from '../check.ts';
import { storeFor, type Rig } from '../rig.ts';

const alert: CoreEvents['alert.raised'] = {
  alertId: '019a0000-0000-7000-8000-000000000001',
  title: 'Disk full',
  message: 'The volume C: has 1 % left.',
  severity: 'critical',
  client: 'Acme',
  device: 'srv-01',
  recordId: null,
  at: '2026-05-04T12:00:00Z',
};
const ticket: CoreEvents['ticket.opened'] = {
  ticketId: '019a0000-0000-7000-8000-000000000002',
  number: 1042,
  subject: 'Printer on fire',
  status: 'open',
  priority: 1,
  client: 'Acme',
  at: '2026-05-04T12:00:00Z',
};
const samples: CoreEvents = {
  'alert.raised': alert,
  'alert.acknowledged': alert,
  'alert.recovered': alert,
  'ticket.opened': ticket,
  'ticket.changed': ticket,
  'invoice.approved': {
    invoiceId: '019a0000-0000-7000-8000-000000000003',
    number: '2026-0042',
    client: 'Acme',
    currency: 'EUR',
    total: '119.00',
    lines: [{ description: 'Managed workplace', quantity: '1', amount: '100.00' }],
    at: '2026-05-04T12:00:00Z',
  },
};

function sampleEvent(name: CoreEventName): CoreEvent {
  return { id: `acceptance-${name}`, name, data: samples[name] };
}

/** Draws a view, for the first scope and device where the slot has them. */
async function draw(rig: Rig, view: { readonly name: string; readonly slot: string }): Promise<readonly Json[]> {
  const isScoped = view.slot !== 'connection.tab/v1' && view.slot !== 'dashboard.widget/v1';
  const [scope = null] = isScoped ? await rig.scopes() : [];
  const device = view.slot === 'asset.tab/v1' ? await firstDevice(rig) : undefined;
  const subject = device === undefined ? {} : { device };
  const call: Call = { kind: 'render', name: view.name, params: {}, subject };
  return checkBlocks(await rig.call(call, scope, { isReadOnly: true })) as unknown as readonly Json[];
}

async function firstDevice(rig: Rig): Promise<string | undefined> {
  const target = (await rig.targets()).find(({ stream }) => stream.entity === 'device');
  if (target === undefined) return undefined;
  const store = storeFor(target);
  await rig.pass(target, store);
  return store.records()[0]?.id;
}

/** What a plugin shows, and what it is told. */
export const surfaceChecks: CheckGroup = {
  name: 'Views and events',
  checks: [
    {
      name: 'views-draw',
      tier: 'gold',
      promise: 'Each view draws blocks that the console knows, twice the same, and writes nothing at the vendor.',
      async run(bench) {
        const { views } = bench.plugin.description;
        appliesIf(views.length > 0, 'It shows nothing.');
        for (const rig of await bench.rigs()) {
          for (const view of views.filter(({ connection }) => connection === rig.type.name)) {
            const [first, second] = [await draw(rig, view), await draw(rig, view)];
            expect(first.length > 0, `The view ${view.name} drew nothing.`);
            expect(jsonHash(first) === jsonHash(second), `The view ${view.name} drew something else the second time.`);
          }
        }
      },
    },
    {
      name: 'frames-alone',
      tier: 'gold',
      promise: 'A frame brings all it needs: it loads nothing from a network.',
      async run({ plugin }) {
        const { frames } = plugin.description;
        appliesIf(frames.length > 0, 'It has no frame.');
        const loading = frames.filter(({ html }) =>
          /(?:src|href|action)\s*=\s*["']?(?:https?:)?\/\/|@import|url\(\s*["']?(?:https?:)?\/\//i.test(html),
        );
        expect(loading.length === 0, `Loads from a network: ${some(loading.map(({ name }) => name))}.`);
      },
    },
    {
      name: 'events-handled',
      tier: 'gold',
      promise: 'Each subscriber takes one event of each kind that it asked for.',
      async run(bench) {
        const { subscribers } = bench.plugin.description;
        appliesIf(subscribers.length > 0, 'It is told of nothing.');
        for (const rig of await bench.rigs()) {
          for (const { name, events } of subscribers.filter(({ connection }) => connection === rig.type.name)) {
            for (const event of events) await rig.call({ kind: 'event', name, event: sampleEvent(event) }, null);
          }
        }
      },
    },
  ],
};
