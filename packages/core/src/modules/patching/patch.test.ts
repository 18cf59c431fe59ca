import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClientId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import { effectiveDecision, PATCH_DECISIONS, type DecisionRow } from './patch.ts';

const NOW = Temporal.Instant.from('2026-11-20T09:00:00Z');
const machine = { clientId: 'client-1' as ClientId, assetId: 'asset-1' as AssetId };
const made = (
  level: DecisionRow['level'],
  decision: DecisionRow['decision'],
  more: Partial<DecisionRow> = {},
): DecisionRow => ({
  level,
  decision,
  clientId: level === 'msp' ? null : machine.clientId,
  assetId: level === 'asset' ? machine.assetId : null,
  reason: '',
  actorLabel: '',
  decidedAt: NOW,
  expiresAt: null,
  ...more,
});

describe('effectiveDecision', () => {
  const cases: [string, DecisionRow[], string][] = [
    ['nobody decided', [], 'undecided automatic'],
    ['approved for all', [made('msp', 'approve')], 'approve msp'],
    ['approved for all, deferred for the client', [made('msp', 'approve'), made('client', 'defer')], 'defer client'],
    [
      'deferred for the client, approved for the machine',
      [made('client', 'defer'), made('asset', 'approve')],
      'approve asset',
    ],
    ['rejected for all, approved for the machine', [made('asset', 'approve'), made('msp', 'reject')], 'reject msp'],
    [
      'rejected for another client',
      [made('client', 'reject', { clientId: 'client-2' as ClientId }), made('msp', 'approve')],
      'approve msp',
    ],
    [
      'rejected for another machine',
      [made('asset', 'reject', { assetId: 'asset-2' as AssetId }), made('msp', 'approve')],
      'approve msp',
    ],
    [
      'rejected until yesterday',
      [made('msp', 'reject', { expiresAt: NOW.subtract({ hours: 24 }) }), made('client', 'approve')],
      'approve client',
    ],
    ['rejected until this moment', [made('msp', 'reject', { expiresAt: NOW })], 'undecided automatic'],
  ];
  for (const [name, decisions, expected] of cases) {
    it(`holds for an update that is ${name}`, () => {
      const { decision, level } = effectiveDecision(decisions, machine, NOW);
      expect(`${decision} ${level}`).toBe(expected);
    });
  }

  it('never approves what a standing rejection covers, whatever else was decided and in whatever order', () => {
    const row = fc
      .record({ level: fc.constantFrom('asset', 'client', 'msp'), decision: fc.constantFrom(...PATCH_DECISIONS) })
      .map(({ level, decision }) => made(level, decision));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (decisions) => {
        const isRejected = decisions.some((decision) => decision.decision === 'reject');
        expect(effectiveDecision(decisions, machine, NOW).decision === 'reject').toBe(isRejected);
      }),
    );
  });
});
