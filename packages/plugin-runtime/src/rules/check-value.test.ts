import { entities, field, type Field } from '@bailiwick/sdk';
import { describe, expect, it } from 'vitest';
import { checkBlocks } from './check-blocks.ts';
import { checkOutcome, checkPlan, checkScopes, planHash } from './check-answers.ts';
import { checkValue } from './check-value.ts';
import { patternProblem } from './pattern.ts';

const problem = (described: Field, value: unknown): string | null => {
  const checked = checkValue(described, value, 'f');
  return checked.ok ? null : checked.errors.map(({ path, message }) => `${path} ${message}`).join('; ');
};

describe('checkValue', () => {
  it.each<[Field, unknown, RegExp | null]>([
    [field.text(), 'a', null],
    [field.text(), 'a\nb', /one line/],
    [field.text(), 'a\0', /null characters/],
    [field.text(), '\ud800', /broken/],
    [field.text({ max: 2 }), 'abc', /at most 2/],
    [field.text({ pattern: 'a|b' }), 'b', null],
    [field.text({ pattern: 'a|b' }), 'bc', /match/],
    [field.text({ pattern: 'a|b', example: 'a' }), 'bc', /must be like a$/],
    [field.text({ pattern: '(a+)+' }), 'aaaa', /not allowed/],
    [field.url(), 'https://a.example/b?c=d', null],
    [field.url(), 'javascript:alert(1)', /http/],
    [field.url(), 'https://user:pass@a.example', /without a user/],
    [field.decimal(), '-12.50', null],
    [field.decimal(), '1e5', /digits/],
    [field.instant(), '2026-03-01T12:00:00+01:00', null],
    [field.instant(), '2026-03-01T12:00:00', /offset/],
    [field.date(), '2026-02-29', /day/],
    [field.integer({ min: 0 }), -1, /at least 0/],
    [field.integer(), 1.5, /whole/],
    [field.number(), Number.NaN, /number/],
    [field.choice(['a', 'b']), 'c', /one of a, b/],
    [field.list(field.integer(), { max: 1 }), [1, 2], /at most 1/],
    [field.list(field.integer()), [1, 'x'], /^f\[1\] must be a number/],
    [field.json(), { a: 'x'.repeat(70_000) }, /64 KiB/],
    [field.entity('device'), '', /id of a record/],
  ])('%j with %j', (described, value, expected) => {
    if (expected === null) expect(problem(described, value)).toBeNull();
    else expect(problem(described, value)).toMatch(expected);
  });

  it('names every field of an object that is wrong, fills in defaults, and takes no unknown one', () => {
    const shape = {
      kind: field.text(),
      region: field.choice(['eu', 'us'], { default: 'eu' }),
      at: field.object({ port: field.integer() }),
      note: field.text({ optional: true }),
    };
    expect(checkValue(shape, { kind: 'a', at: { port: 1 }, note: null })).toEqual({
      ok: true,
      value: { kind: 'a', region: 'eu', at: { port: 1 } },
    });
    expect(checkValue(shape, JSON.parse('{"at":{"port":"1"},"__proto__":{"a":1}}'))).toEqual({
      ok: false,
      errors: [
        { path: 'kind', message: 'is missing' },
        { path: 'at.port', message: 'must be a number' },
        { path: '__proto__', message: 'is not a known field' },
      ],
    });
    expect(checkValue(entities.licence, { name: 'a', sku: 'b', total: 1 })).toMatchObject({
      errors: [{ path: 'assigned' }],
    });
  });

  it.each(['(a+)+', '(a|a)*', '((a)b*)*', '(a)\\1', 'a*b*c*d*e*', '('])('refuses the pattern %s', (pattern) => {
    expect(patternProblem(pattern)).not.toBeNull();
  });

  it('matches what it allows in little time, at worst', () => {
    const startMs = performance.now();
    problem(field.text({ pattern: 'a*a*a*a*b', max: 100_000 }), 'a'.repeat(100));
    problem(field.text({ pattern: 'a*a*b', max: 100_000 }), 'a'.repeat(2000));
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

describe('what a plugin answers', () => {
  const plan = {
    summary: 'Reboot',
    changes: [],
    affected: [{ entity: 'device', id: '1' }],
    isReversible: false,
    disruption: 'outage',
  };

  it('a plan is what its fields say, and its hash tells any change', () => {
    const checked = checkPlan(plan);
    expect(planHash('reboot', { a: 1, b: 2 }, checked)).toBe(
      planHash('reboot', { b: 2, a: 1 }, checkPlan({ ...plan })),
    );
    expect(planHash('reboot', { a: 1 }, checked)).not.toBe(
      planHash('reboot', { a: 1 }, checkPlan({ ...plan, summary: 'Reboot!' })),
    );
    expect(() => checkPlan({ ...plan, disruption: 'some' })).toThrow(/plan\.disruption/);
    expect(() => checkPlan({ ...plan, affected: [{ entity: 'device', id: '' }] })).toThrow(/plan\.affected\[0\]\.id/);
  });

  it('scopes are listed once', () => {
    const scope = { id: 'a', name: 'A', kind: 'site' };
    const seen = new Set<string>();
    expect(checkScopes([scope], seen)).toEqual([scope]);
    expect(() => checkScopes([scope], seen)).toThrow(/listed before/);
    expect(() => checkScopes([{ ...scope, id: '' }], new Set())).toThrow(/scopes\[0\]\.id/);
  });

  it('blocks are of known kinds and sizes, with text only', () => {
    expect(checkBlocks([{ kind: 'text', text: '<b>shown as letters</b>' }])).toHaveLength(1);
    expect(() => checkBlocks([{ kind: 'html', html: '<b>' }])).toThrow(/blocks/);
    expect(() => checkBlocks([{ kind: 'table', columns: [{ label: 'a' }], rows: [['a', 'b']] }])).toThrow(/cells/);
    expect(() => checkBlocks(Array.from({ length: 201 }, () => ({ kind: 'heading', text: 'a' })))).toThrow(/blocks/);
  });

  it('a delivery known only by its address brings no records', () => {
    const outcome = { batches: { devices: { upserts: [] } }, nudge: ['devices'] };
    const streams = new Set(['devices']);
    expect(() => checkOutcome(outcome, { verify: { kind: 'address' } }, streams)).toThrow(/only known by its address/);
    expect(checkOutcome(outcome, { verify: { kind: 'address', trusted: 'signed by the proxy' } }, streams)).toEqual(
      outcome,
    );
    expect(() => checkOutcome({ nudge: ['other'] }, { verify: { kind: 'address' } }, streams)).toThrow(
      /no stream "other"/,
    );
  });
});
