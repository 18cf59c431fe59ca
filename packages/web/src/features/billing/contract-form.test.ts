import { describe, expect, it } from 'vitest';
import type { ContractDetail } from './billing-words.ts';
import { fieldOf, linesOf, wrongIn, type ContractForm } from './contract-form.ts';
import { formOf } from './read-contract.ts';

const FORM: ContractForm = {
  clientId: '',
  name: 'Care',
  startsOn: '2026-11-01',
  endsOn: '',
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

describe('formOf', () => {
  const UNSAID = {
    productCode: '',
    quantity: '1',
    deviceKinds: [],
    workTypes: [],
    minimumMinutes: 0,
    roundToMinutes: 1,
    rounding: 'up',
    maximumMinutes: null,
    charge: 'hourly',
    billablePercent: 100,
    afterHoursPercent: 100,
    holidayPercent: null,
    coversAfterHours: true,
    overagePriceMinor: null,
    rolloverPeriods: 0,
  };
  const contractOf = (form: ContractForm, lines: object[] = linesOf(form, 'GBP')): ContractDetail =>
    ({
      clientId: 'c',
      name: form.name,
      startsOn: form.startsOn,
      endsOn: null,
      currency: 'GBP',
      calendarId: form.calendarId === '' ? null : form.calendarId,
      lines: lines.map((line, index) => ({ id: String(index), ...UNSAID, ...line })),
    }) as never;
  const fee = { fee: '100.50', calendarId: 'a', remote: 'business-hours' } as const;

  it.each<[string, Partial<ContractForm>]>([
    ['hours alone', {}],
    ['a fee and devices', { hour: '', fee: '99', device: '7.05' }],
    ['a fee that has business hours, dearer ones and a cap', { ...fee, holiday: '200', maximum: '120' }],
    ['a fee without work', { ...fee, remote: 'never', minimum: '', roundTo: '6', rounding: 'nearest' }],
    ['journeys by a share', { travel: 'share', travelShare: '30' }],
    ['journeys by a fee', { travel: 'flat', travelFee: '40' }],
    ['journeys for nothing', { travel: 'free' }],
    ['hours ahead', { hour: '', blockHours: '7.5', blockOverage: '110', blockRollover: '3' }],
    ['hours ahead and journeys by a share', { blockHours: '10', travel: 'share' }],
  ])('reads back what it wrote: %s', (_, more) => {
    const form = { ...FORM, ...more };
    const read = formOf(contractOf(form));
    expect(read.isWhole).toBe(true);
    expect(linesOf(read.form, 'GBP')).toEqual(linesOf(form, 'GBP'));
  });

  it.each<[string, object[]]>([
    ['another description', [{ kind: 'flat', description: 'Backup', unitPriceMinor: 100 }]],
    ['two fees', linesOf({ ...FORM, fee: '1' }, 'GBP').concat(linesOf({ ...FORM, fee: '2', hour: '' }, 'GBP'))],
    ['some kinds of device', [{ ...linesOf({ ...FORM, hour: '', device: '1' }, 'GBP')[0], deviceKinds: ['server'] }]],
  ])('says that it cannot say all: %s', (_, lines) => expect(formOf(contractOf(FORM, lines)).isWhole).toBe(false));
});
