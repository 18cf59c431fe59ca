import { describe, expect, it } from 'vitest';
import { consolePathFor, safeNext } from './next-step.ts';

describe('safeNext', () => {
  it('takes a path of this door', () => {
    expect(safeNext('/tickets?view=mine', '/')).toBe('/tickets?view=mine');
  });
  it.for([
    '//evil.example',
    '/\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '',
    'tickets',
    null,
    undefined,
  ])('refuses %s', (next) => {
    expect(safeNext(next, '/home')).toBe('/home');
  });
  it.for(['/\t/evil.example', '/\n/evil.example', '/\r//evil.example'])(
    'refuses what a browser reads as //: %j',
    (next) => {
      expect(new URL(safeNext(next, '/'), 'https://here.example').origin).toBe('https://here.example');
    },
  );
});

describe('consolePathFor', () => {
  it('keeps where the person wanted to go', () => {
    expect(consolePathFor('enrol', '/tickets?view=mine')).toBe('/second-factor?next=%2Ftickets%3Fview%3Dmine');
    expect(consolePathFor('choose-membership', '/')).toBe('/choose-membership');
    expect(consolePathFor('ready', '/tickets')).toBe('/tickets');
  });
});
