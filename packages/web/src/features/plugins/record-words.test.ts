import { expect, test } from 'vitest';
import { byInterest, gistOf, recordFields } from './record-words.ts';

test('a record is read field by field, without those that say nothing', () => {
  const fields = recordFields({
    data: {
      serialNumber: 'A1',
      osName: 'Debian',
      addresses: ['10.0.0.1', '10.0.0.2'],
      notes: '',
      tags: [],
      isVirtual: true,
    },
    observed: { lastSeenAt: '2026-01-05T08:00:00Z', load: { one: 0.5 } },
  });
  expect(fields).toEqual([
    { term: 'Serial number', text: 'A1' },
    { term: 'OS name', text: 'Debian' },
    { term: 'Addresses', text: '10.0.0.1, 10.0.0.2' },
    { term: 'Is virtual', text: 'yes' },
    { term: 'Last seen at', text: '2026-01-05T08:00:00Z' },
    { term: 'Load', text: '{"one":0.5}' },
  ]);
});

test('licences are counted, costs have their currency, and what is not told is not made up', () => {
  expect(gistOf({ entity: 'licence', data: { assigned: 3, total: 10 } })).toBe('3 of 10 assigned');
  expect(gistOf({ entity: 'licence', data: { assigned: 3 } })).toBe('3 of ? assigned');
  expect(gistOf({ entity: 'cost', data: { billedCost: '12.50', billingCurrency: 'EUR' } })).toBe('12.50 EUR');
  expect(gistOf({ entity: 'device', data: { state: 'running', model: 'R740' } })).toBe('running, R740');
});

test('devices and people come before what is rarely looked for', () => {
  const counts = ['check', 'alert', 'x:acme/probe', 'user', 'device'].map((entity) => ({ entity }));
  expect(byInterest(counts).map(({ entity }) => entity)).toEqual(['device', 'user', 'alert', 'check', 'x:acme/probe']);
});
