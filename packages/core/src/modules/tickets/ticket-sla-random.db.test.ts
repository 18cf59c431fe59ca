import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SlaDesk } from '../../../../../test/support/sla-desk.ts';
import { startTestApp, type TestApp } from '../../../../../test/support/test-app.ts';
import { SlaChoices } from '../sla/sla-choices.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const COMMANDS = [
  'reply',
  'answer',
  'wait',
  'work',
  'resolve',
  'raise',
  'lower',
  'edit',
  'unchoose',
  'choose',
] as const;

describe('stored clocks of tickets that were worked at random', () => {
  it('say what a replay of their events says', async () => {
    const desk = await SlaDesk.build(app);
    const { policyId } = await desk.makeDefault();
    let edits = 0;
    const does = {
      reply: desk.reply.bind(desk),
      answer: desk.answer.bind(desk),
      wait: (id: never) => desk.update(id, { status: 'waiting-client' }),
      work: (id: never) => desk.update(id, { status: 'in-progress' }),
      resolve: (id: never) => desk.update(id, { status: 'resolved' }),
      raise: (id: never) => desk.update(id, { priority: 1 }),
      lower: (id: never) => desk.update(id, { priority: 4 }),
      edit: async () => {
        edits += 1;
        await desk.editOffice({
          windows: [{ days: ['mon', 'tue', 'wed', 'fri'], from: '09:00', to: `${12 + (edits % 8)}:00` }],
        });
        await desk.follow();
      },
      unchoose: () => choose('none'),
      choose: () => choose(policyId),
    };
    const choose = async (chosen: typeof policyId | 'none') => {
      await desk.resolve(SlaChoices).set(desk.staff, { clientId: null, ticketType: null, policyId: chosen });
      await desk.follow();
    };
    const step = fc.tuple(fc.constantFrom(...COMMANDS), fc.integer({ min: 0, max: 3000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await choose(policyId);
        const id = await desk.open();
        for (const [command, minutes] of steps) {
          desk.pass(`PT${minutes}M`);
          await does[command](id as never).catch((error: unknown) => {
            // Not every status follows every other; what is refused changes nothing.
            if (!(error instanceof Error) || !('code' in error) || error.code !== 'tickets.status-not-reachable')
              throw error;
          });
        }
        const { asOf: _, policyName: __, policyReason: ___, ...live } = await desk.live(id);
        expect(live).toEqual(await desk.replayed(id));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
