import { readReplayInput } from '../../packages/core/src/modules/sla/replay-input.ts';
import { makeSlaRules, replayCase } from '../../packages/core/src/modules/sla/replay.ts';
import { compare, progress, report } from './figures.ts';

const TICKETS = 2000;
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri'];
const CALENDAR = {
  id: 'berlin',
  zone: 'Europe/Berlin',
  windows: [
    { days: WEEK, from: '08:00', to: '12:00' },
    { days: WEEK, from: '13:00', to: '17:00' },
  ],
  holidays: [{ date: '2026-12-25', yearly: true }],
};
const POLICY = {
  id: 'gold',
  pauseStatuses: ['pending'],
  targets: ['p1', 'p2'].map((priority) => ({
    priority,
    response: 'PT4H',
    update: 'PT8H',
    resolution: 'PT40H',
    calendar: CALENDAR.id,
  })),
};

/** A ticket of ten days: answered, paused, asked again, raised, resolved. They begin forty minutes apart, over two months. */
function ticket(index: number) {
  const opened = Temporal.Instant.from('2026-01-05T08:00Z').add({ minutes: index * 40 });
  const at = (hours: number): string => opened.add({ minutes: hours * 60 }).toString();
  return {
    id: String(index),
    policy: POLICY.id,
    asOf: at(240),
    events: [
      { at: at(0), type: 'created', value: { priority: 'p2', status: 'new' } },
      { at: at(1.5), type: 'public-reply' },
      { at: at(2), type: 'status', value: 'pending' },
      { at: at(20), type: 'client-reply' },
      { at: at(20), type: 'status', value: 'open' },
      { at: at(22), type: 'public-reply' },
      { at: at(30), type: 'priority', value: 'p1' },
      { at: at(200), type: 'resolved' },
    ],
  };
}

/**
 * Cases a second with all their spans, beside reading the same file and counting nothing: what the command adds to the reading is the difference.
 */
export async function benchSlaReplay(): Promise<void> {
  progress(`Replaying ${TICKETS} tickets …`);
  const cases = Array.from({ length: TICKETS }, (_, index) => ticket(index));
  const texts = cases.map((one) =>
    Buffer.from(JSON.stringify({ calendars: [CALENDAR], policies: [POLICY], cases: [one] })),
  );
  const rules = makeSlaRules(readReplayInput(texts[0] ?? Buffer.alloc(0)));
  const read = (turn: number) => readReplayInput(texts[turn % TICKETS] ?? Buffer.alloc(0)).cases;
  const { value, baseline } = await compare(
    async (turn) => read(turn).map((one) => replayCase(rules, one)),
    async (turn) => read(turn),
    { lanes: 1, roundMs: 1000, rounds: 7 },
  );
  report({ bench: 'sla-replay', metric: 'cases', value, unit: 'cases/s', baseline });
}
