import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVIDENCE_KINDS, identify, usableEvidence, type Candidate, type EvidenceItem } from './asset-identity.ts';

const item = (kind: EvidenceItem['kind'], value: string): EvidenceItem => ({ kind, value });
const board = (value: string) => item('smbios-uuid', value);
const machineId = (value: string) => item('machine-id', value);
const serial = (value: string) => item('serial-number', value);
const card = (value: string) => item('mac-address', value);
const known = (assetId: string, ...evidence: EvidenceItem[]): Candidate => ({ assetId, evidence });

describe('identify', () => {
  const cases: [string, EvidenceItem[], Candidate[], string][] = [
    ['nothing known', [board('u1')], [], 'unknown'],
    ['the same board', [board('u1'), serial('s9')], [known('a', board('u1'), serial('s1'))], 'a'],
    [
      'a system installed anew on the same board',
      [board('u1'), machineId('m2')],
      [known('a', board('u1'), machineId('m1'))],
      'a',
    ],
    [
      'a cloned disk in another board',
      [board('u2'), machineId('m1')],
      [known('a', board('u1'), machineId('m1'))],
      'unknown',
    ],
    [
      'an agent that enrols anew',
      [item('source-key', 'agent:2'), board('u1')],
      [known('a', item('source-key', 'agent:1'), board('u1'))],
      'a',
    ],
    [
      'two clones of one image, told apart by serial number',
      [machineId('m'), serial('s2')],
      [known('a', machineId('m'), serial('s1')), known('b', machineId('m'), serial('s2'))],
      'b',
    ],
    [
      'two clones of one image, told apart by nothing',
      [machineId('m')],
      [known('a', machineId('m')), known('b', machineId('m'))],
      'ambiguous',
    ],
    [
      'a dock whose card moved to another laptop',
      [board('u2'), card('3c:52')],
      [known('a', board('u1'), card('3c:52'))],
      'unknown',
    ],
    ['only a card in common, and nothing against it', [card('3c:52')], [known('a', card('3c:52'))], 'a'],
  ];
  for (const [name, evidence, candidates, expected] of cases) {
    it(`decides on ${name}`, () => {
      const verdict = identify(evidence, candidates);
      expect(verdict.kind === 'matched' ? verdict.assetId : verdict.kind).toBe(expected);
    });
  }

  it('never names an asset that shares nothing, nor one of several that share the same', () => {
    const items = fc.array(
      fc.record({ kind: fc.constantFrom(...EVIDENCE_KINDS), value: fc.constantFrom('x', 'y', 'z') }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(items, fc.array(items, { maxLength: 4 }), (evidence, others) => {
        const candidates = others.map((theirs, index) => known(String(index), ...theirs));
        const verdict = identify(evidence, candidates);
        if (verdict.kind !== 'matched') return;
        const shares = (candidate: Candidate | undefined) =>
          candidate?.evidence.some((theirs) =>
            evidence.some((ours) => ours.kind === theirs.kind && ours.value === theirs.value),
          ) === true;
        expect(shares(candidates[Number(verdict.assetId)])).toBe(true);
        const twins = candidates.filter(
          (candidate) =>
            JSON.stringify(candidate.evidence) === JSON.stringify(candidates[Number(verdict.assetId)]?.evidence),
        );
        expect(twins).toHaveLength(1);
      }),
    );
  });
});

describe('usableEvidence', () => {
  it('drops placeholders and addresses that software makes up', () => {
    const given = {
      smbiosUuid: '03000200-0400-0500-0006-000700080009',
      serialNumber: 'To be filled by O.E.M.',
      machineId: '0'.repeat(32),
      macAddresses: ['02:42:ac:11:00:02', '00:00:00:00:00:00', '33:33:00:00:00:01'],
    };
    expect(usableEvidence('agent', given)).toEqual([]);
  });

  it('normalises what is left, once each', () => {
    const given = {
      sourceKey: '7',
      smbiosUuid: '4C4C4544-0042-3510-8050-B4C04F4D4632',
      serialNumber: ' abc123 ',
      macAddresses: ['3C:52:82:01:02:03', '3c:52:82:01:02:03'],
    };
    expect(usableEvidence('plugin-ninja', given)).toEqual([
      item('source-key', 'plugin-ninja:7'),
      board('4c4c4544-0042-3510-8050-b4c04f4d4632'),
      serial('ABC123'),
      card('3c:52:82:01:02:03'),
    ]);
  });
});
