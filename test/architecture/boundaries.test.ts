import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { reportBoundaries } from './boundary-report.ts';
import { repositoryRoot, sourceFiles } from './source-tree.ts';

const planted = fileURLToPath(new URL('fixtures/planted', import.meta.url));
const modules = 'packages/core/src/modules';

/** Each line is a fault in the fixture that exactly one rule must report. */
const expected = [
  `module-order-audit: ${modules}/audit/against-order.ts → ${modules}/billing/index.ts`,
  `module-order-billing: ${modules}/billing/same-row.ts → ${modules}/automation/index.ts`,
  `module-door: ${modules}/billing/past-the-door.ts → ${modules}/audit/audit-store.ts`,
  `module-door-from-outside: packages/core/src/composition/start.ts → ${modules}/audit/audit-store.ts`,
  `module-listed: ${modules}/helpdesk/unlisted.ts → ${modules}/audit/index.ts`,
  `nothing-imports-composition: ${modules}/billing/composes.ts → packages/core/src/composition/start.ts`,
  `kernel-is-pure: packages/core/src/kernel/impure.ts → packages/core/src/platform/pool.ts`,
  `platform-imports-kernel-only: packages/core/src/platform/knows-domain.ts → ${modules}/audit/index.ts`,
  `entry-knows-no-domain: packages/core/src/entry/knows-domain.ts → ${modules}/audit/index.ts`,
  `core-imports-no-plugin: packages/core/src/entry/loads-plugin.ts → packages/plugins/rmm/src/index.ts`,
  `plugin-imports-sdk-only: packages/plugins/rmm/src/reaches-core.ts → ${modules}/audit/index.ts`,
  `sdk-imports-nothing-of-ours: packages/sdk/src/reaches-core.ts → ${modules}/audit/index.ts`,
  `plugin-runtime-imports-sdk-only: packages/plugin-runtime/src/reaches-core.ts → ${modules}/audit/index.ts`,
  `plugin-kit-imports-sdk-and-runtime-only: packages/plugin-kit/src/reaches-core.ts → ${modules}/audit/index.ts`,
  `agent-imports-protocol-only: packages/agent/src/reaches-core.ts → packages/core/src/platform/pool.ts`,
  `protocol-imports-nothing-of-ours: packages/agent-protocol/src/reaches-agent.ts → packages/agent/src/reaches-core.ts`,
  `web-imports-types-of-core-only: packages/web/src/features/loads-server.ts → ${modules}/audit/index.ts`,
  `web-portal-without-console: packages/web/src/portal/loads-console.ts → packages/web/src/app/console/console-door.ts`,
  `code-imports-no-test: ${modules}/billing/tests.ts → test/support/helper.ts`,
  `no-cycle: ${modules}/billing/round.ts → ${modules}/billing/trip.ts`,
  `resolvable: ${modules}/billing/nowhere.ts → ./not-there.ts`,
];

describe('the boundary gate', () => {
  it('reports each planted violation, and passes what is right beside it', () => {
    const { violations } = reportBoundaries(planted, ['packages', 'test']);
    expect(violations).toEqual(expect.arrayContaining(expected));
    expect(violations.filter((line) => /\/(correct|types-only)\.ts →/.test(line))).toEqual([]);
  });

  it('has no rule that no planted violation proves', () => {
    const { ruleNames } = reportBoundaries(planted, ['packages', 'test']);
    const proven = new Set(expected.map((line) => line.slice(0, line.indexOf(':'))));
    const unproven = ruleNames.filter((name) => !name.startsWith('module-order-') && !proven.has(name));
    expect(unproven).toEqual([]);
  });

  it('sees the whole repository: a gate that reads nothing is green too', () => {
    const { moduleCount } = reportBoundaries(repositoryRoot, ['packages']);
    const files = sourceFiles('packages').filter((file) => /\.tsx?$/.test(file));
    expect(files.length).toBeGreaterThan(100);
    // It counts npm packages as well, so never fewer than our own files.
    expect(moduleCount).toBeGreaterThanOrEqual(files.length);
  });
});
