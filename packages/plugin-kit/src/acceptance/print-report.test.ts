import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { printReport } from './print-report.ts';
import type { CheckReport } from './report.ts';

const gone = 'devices of north: NotSupported: GET https://api.acme.example/v1/sites/north/devices answered 404';

function failed(name: string, reason: string): CheckReport {
  return { name, group: 'Streams', tier: 'bronze', promise: 'Is kept.', outcome: 'fail', reason, ms: 1 };
}

function print(...checks: readonly CheckReport[]): string[] {
  const text = printReport({ plugin: 'test/acme', version: '1.0.0', tier: 'none', checks, ms: 1 });
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim());
}

it('tells a reason that several checks fail for once, and reminds of it', () => {
  const missing = 'No cassette has: GET https://api.acme.example/v1/sites';
  const lines = print(
    failed('streams-read', `${gone}\n${missing}`),
    failed('second-run-writes-nothing', `${gone}\n${missing}; and 1 more`),
    failed('leaves-nothing', 'devices of north: it read something else'),
  );
  expect(lines.filter((line) => line === gone)).toHaveLength(1);
  expect(lines).toContain(missing);
  expect(lines).toContain('as above: devices of north: NotSupported: GET https://api.acme.exampl…');
  expect(lines).toContain('devices of north: it read something else');
});
