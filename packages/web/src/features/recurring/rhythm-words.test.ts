import { describe, expect, it } from 'vitest';
import { rhythmWords } from './rhythm-words.ts';

describe('rhythmWords', () => {
  it.for([
    ['FREQ=DAILY', 'Every day'],
    ['FREQ=WEEKLY;BYDAY=MO', 'Every week on Monday'],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR', 'Every other week on Monday, Wednesday and Friday'],
    ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every week, Monday to Friday'],
    ['FREQ=MONTHLY;BYDAY=2TU', 'Every month on the second Tuesday'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'Every month on the last day'],
    ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5', 'Every quarter on day 5'],
    ['FREQ=YEARLY;COUNT=3', 'Every year, 3 times'],
    ['FREQ=DAILY;INTERVAL=10;UNTIL=20270131T000000Z', 'Every 10 days, until 2027-01-31'],
  ] as const)('says %s as “%s”', ([rule, words]) => expect(rhythmWords(rule)).toBe(words));

  it.for(['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2', 'FREQ=MONTHLY;BYDAY=9MO', 'FREQ=HOURLY', 'nonsense'])(
    'leaves %s as it is',
    (rule) => expect(rhythmWords(rule)).toBe(rule),
  );
});
