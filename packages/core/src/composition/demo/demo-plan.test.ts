import { describe, expect, it } from 'vitest';
import { CLIENTS } from './client-plan.ts';
import { planMachines } from './machine-plan.ts';
import { planContacts } from './people-plan.ts';
import { Random } from './random.ts';
import { planTickets } from './ticket-plan.ts';

const present = Temporal.Instant.from('2026-11-20T15:00:00Z');

function story(seed: string, at = present) {
  const random = new Random(seed);
  const folk = CLIENTS.map((client) => ({
    contacts: planContacts(client, random.fork(`people-${client.shortCode}`)),
    machines: planMachines(client, random.fork(client.shortCode)),
  }));
  return { folk, tickets: planTickets(2500, folk, at, random.fork('tickets')) };
}

describe('the demo’s story', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(JSON.stringify(story('1'))).toBe(JSON.stringify(story('1')));
    expect(JSON.stringify(story('2').folk)).not.toBe(JSON.stringify(story('1').folk));
  });

  it('is told relative to the present: a week later all happens a week later, by the clocks of the clients', () => {
    const told = (at: Temporal.Instant, days: number) =>
      story('1', at)
        .tickets.map(({ subject, openedAt, client }) => {
          const local = openedAt.toZonedDateTimeISO(CLIENTS[client]?.timeZone ?? 'UTC').toPlainDateTime();
          return `${local.subtract({ days }).toString()} ${subject}`;
        })
        .toSorted();
    expect(told(present.add({ hours: 24 * 7 }), 7)).toEqual(told(present, 0));
  });

  it('has twelve clients with thirty sites and about four hundred machines, none twice', () => {
    const { folk } = story('1');
    const machines = folk.flatMap((one) => one.machines);
    expect(CLIENTS).toHaveLength(12);
    expect(CLIENTS.flatMap(({ sites }) => sites)).toHaveLength(30);
    expect(machines.length).toBeGreaterThan(390);
    for (const unique of ['name', 'smbiosUuid', 'machineId', 'serialNumber', 'macAddress', 'address'] as const)
      expect(new Set(machines.map((machine) => machine[unique])).size).toBe(machines.length);
    for (const { contacts } of folk) {
      expect(new Set(contacts.map(({ email }) => email)).size).toBe(contacts.length);
      expect(contacts[0]?.portalRole).toBe('manager');
    }
  });

  it('lets nothing happen after the present, and every ticket in the order of its steps', () => {
    for (const { openedAt, steps } of story('1').tickets) {
      let last = openedAt;
      for (const { at } of steps) {
        expect(Temporal.Instant.compare(at, last)).toBeGreaterThanOrEqual(0);
        last = at;
      }
      expect(Temporal.Instant.compare(last, present)).toBeLessThanOrEqual(0);
    }
  });
});
