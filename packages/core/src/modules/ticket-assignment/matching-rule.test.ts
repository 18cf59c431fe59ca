import { describe, expect, it } from 'vitest';
import { matchingRule } from './matching-rule.ts';

const any = { client_ids: [], category_ids: [], queue_ids: [], ticket_types: [] };
const ticket = { clientId: 'acme', categoryIds: ['laser', 'printer'], queueId: null, type: 'incident' };

describe('matchingRule', () => {
  it('takes the first of which every condition holds', () => {
    const rules = [
      { ...any, name: 'other client', client_ids: ['globex'] },
      { ...any, name: 'wrong type', category_ids: ['printer'], ticket_types: ['request'] },
      { ...any, name: 'by category', category_ids: ['network', 'printer'], ticket_types: ['incident'] },
      { ...any, name: 'all' },
    ];
    expect(matchingRule(rules, ticket)?.name).toBe('by category');
    expect(matchingRule(rules, { ...ticket, categoryIds: [] })?.name).toBe('all');
  });

  it('has none for a ticket without a queue where one is asked for', () => {
    expect(matchingRule([{ ...any, queue_ids: ['desk'] }], ticket)).toBeNull();
  });
});
