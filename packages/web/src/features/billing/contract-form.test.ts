import { describe, expect, it } from 'vitest';
import { fieldOf, linesOf, wrongIn, type ContractForm } from './contract-form.ts';

const FORM: ContractForm = {
  clientId: '',
  name: 'Care',
  startsOn: '2026-11-01',
  fee: '',
  device: '',
  hour: '95',
  blockHours: '',
  blockHour: '80',
  blockOverage: '',
  blockRollover: '',
  calendarId: '',
  remote: 'always',
  rounding: 'up',
  roundTo: '15',
  minimum: '15',
  maximum: '',
  afterHours: '150',
  holiday: '',
  travel: 'hourly',
  travelShare: '50',
  travelFee: '',
};

describe('linesOf', () => {
  it('bills remote work by the hour where no fee includes it', () => {
    expect(linesOf(FORM, 'GBP')).toMatchObject([
      {
        kind: 'time-and-materials',
        unitPriceMinor: 9500,
        workTypes: ['remote', 'onsite', 'project', 'travel'],
        roundToMinutes: 15,
        minimumMinutes: 15,
        maximumMinutes: null,
      },
    ]);
    // Without a calendar no hour is outside of it.
    expect(linesOf(FORM, 'GBP')[0]).not.toHaveProperty('afterHoursPercent');
  });

  it('keeps remote work outside hours billable where the fee has business hours only', () => {
    const form = { ...FORM, fee: '100.50', calendarId: 'a', remote: 'business-hours' as const };
    expect(linesOf(form, 'GBP')).toMatchObject([
      { kind: 'flat', unitPriceMinor: 10_050, workTypes: ['remote'], coversAfterHours: false },
      { workTypes: ['remote', 'onsite', 'project', 'travel'], afterHoursPercent: 150, holidayPercent: null },
    ]);
    expect(linesOf({ ...form, remote: 'always' }, 'GBP')[1]?.workTypes).toEqual(['onsite', 'project', 'travel']);
    expect(linesOf({ ...form, remote: 'never' }, 'GBP')[0]?.workTypes).toEqual([]);
  });

  it.each([
    ['share', { unitPriceMinor: 9500, billablePercent: 50, workTypes: ['travel'] }],
    ['flat', { unitPriceMinor: 4000, charge: 'per-entry', workTypes: ['travel'] }],
    ['free', { unitPriceMinor: 0, billablePercent: 0, workTypes: ['travel'] }],
  ] as const)('gives journeys a line of their own: %s', (travel, line) => {
    const lines = linesOf({ ...FORM, travel, travelFee: '40' }, 'GBP');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatchObject(line);
    expect(lines[0]?.workTypes).not.toContain('travel');
  });
});

describe('linesOf with hours bought ahead', () => {
  it('draws work from the block in the place of billing it by the hour', () => {
    const lines = linesOf({ ...FORM, blockHours: '7,5', blockOverage: '110', blockRollover: '3' }, 'GBP');
    expect(lines).toMatchObject([
      {
        kind: 'block-hours',
        quantity: '7.5',
        unitPriceMinor: 8000,
        overagePriceMinor: 11_000,
        rolloverPeriods: 3,
        workTypes: ['remote', 'onsite', 'project', 'travel'],
      },
    ]);
    expect(wrongIn({ ...FORM, blockHours: '0' }, 'GBP')).toHaveProperty('blockHours');
  });
});

describe('wrongIn', () => {
  it('names what cannot be read, and the field of what the server refused', () => {
    expect(Object.keys(wrongIn({ ...FORM, hour: '9,5,0', maximum: 'x', roundTo: '' }, 'GBP'))).toEqual([
      'hour',
      'maximum',
    ]);
    expect(fieldOf('lines.0.maximumMinutes')).toBe('maximum');
    expect(fieldOf('lines')).toBeNull();
  });
});
