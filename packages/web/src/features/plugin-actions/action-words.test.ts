import { expect, test } from 'vitest';
import {
  approvalInWords,
  changeInWords,
  isForViewer,
  isMoving,
  isOver,
  policyInWords,
  requesterInWords,
  RUN_STATES,
  waitsForViewer,
} from './action-words.ts';

const ADA = { id: 'ada', name: 'Ada' };
const LEE = { id: 'lee', canApprove: true };
const at = '2026-01-05T08:00:00Z';
const approval = (id: string) => ({ by: { id, name: id }, decision: 'approve' as const, reason: '', at });
const waiting = { state: 'waiting' as const, requester: ADA, approvalsNeeded: 2, approvals: [] };

test('a change is read from what was to what will be', () => {
  expect(changeInWords({ what: 'Mode', from: 'eco', to: 'fast' })).toBe('Mode: eco → fast');
  expect(changeInWords({ what: 'Tag', to: 'owner' })).toBe('Tag: owner');
  expect(changeInWords({ what: 'Tag', from: 'owner' })).toBe('Tag: no longer owner');
  expect(changeInWords({ what: 'The disk is wiped' })).toBe('The disk is wiped');
});

test('who asked reads that others decide, and is never asked to', () => {
  const viewer = { id: ADA.id, canApprove: true };
  expect(approvalInWords(waiting, viewer)).toContain('2 other people must approve');
  expect(isForViewer(waiting, viewer)).toBe(false);
});

test('who may approve is asked until they have', () => {
  expect(approvalInWords(waiting, LEE)).toBe('Ada asks for it, and 2 other people must approve. You may.');
  expect(isForViewer(waiting, LEE)).toBe(true);
  const decided = { ...waiting, approvals: [approval('lee')] };
  expect(approvalInWords(decided, LEE)).toBe('You have decided. Now one more person must approve.');
  expect(isForViewer(decided, LEE)).toBe(false);
  expect(isForViewer(waiting, { ...LEE, canApprove: false })).toBe(false);
});

test('who approves is told that an AI asks', () => {
  expect(requesterInWords({ requester: ADA, askedBy: 'ai' })).toBe('An AI, with the key of Ada');
  expect(requesterInWords({ requester: ADA, askedBy: 'person' })).toBe('Ada');
});

test('what the policy says does not repeat whom it reaches', () => {
  const blast = { devices: 1, users: 0, others: 0, scopes: 1, clients: 1, unknown: 0, inWords: '1 device, 1 client' };
  const why = 'May run: It reaches few (rule 12). It reaches 1 device, 1 client.';
  expect(policyInWords({ why, blast })).toBe('May run: It reaches few (rule 12).');
});

test('what waits for the reader is what they may decide, and what nobody knows the end of', () => {
  const viewer = { ...LEE, canRun: true };
  const unknown = { ...waiting, state: 'unknown' as const };
  expect(waitsForViewer(waiting, viewer)).toBe(true);
  expect(waitsForViewer(waiting, { ...viewer, id: ADA.id })).toBe(false);
  expect(waitsForViewer(unknown, { ...viewer, id: ADA.id })).toBe(true);
  expect(waitsForViewer(unknown, { ...viewer, canRun: false })).toBe(false);
});

test('every state is over, under way or waits for a person', () => {
  const states = Object.keys(RUN_STATES) as (keyof typeof RUN_STATES)[];
  expect(states.filter((state) => !isOver(state) && !isMoving(state))).toEqual(['planned', 'waiting']);
  expect(states.filter(isMoving)).toEqual(['approved', 'running']);
});
