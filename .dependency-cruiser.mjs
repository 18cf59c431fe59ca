import { readFileSync } from 'node:fs';

// Rows in order; a module may import from the rows above its own. This file is the only place that says so.
const rows = JSON.parse(readFileSync(new URL('packages/core/module-order.json', import.meta.url), 'utf8'));
const modules = '^packages/core/src/modules';
const tests = '\\.test\\.tsx?$';
// Set by scripts/check-boundaries.ts, and by the test that plants violations in a copy of this layout.
const tsConfig = process.env.BAILIWICK_BOUNDARIES_TSCONFIG ?? 'tsconfig.json';

const orderRules = rows.flatMap((row, index) => {
  const above = rows.slice(0, index).flat();
  return row.map((name) => ({
    name: `module-order-${name}`,
    comment: `${name} may import only from rows above its own in packages/core/module-order.json: call down, publish up.`,
    severity: 'error',
    from: { path: `${modules}/${name}/`, pathNot: tests },
    to: { path: `${modules}/`, pathNot: `${modules}/(${[name, ...above].join('|')})/` },
  }));
});

const rules = [
  {
    name: 'module-listed',
    comment: 'A module has its row in packages/core/module-order.json.',
    severity: 'error',
    from: { path: `${modules}/`, pathNot: `${modules}/(${rows.flat().join('|')})/` },
    to: {},
  },
  {
    name: 'module-door',
    comment: "Another module is entered through its index.ts (import from '#modules/<name>').",
    severity: 'error',
    from: { path: `${modules}/([^/]+)/`, pathNot: tests },
    to: { path: `${modules}/`, pathNot: [`${modules}/$1/`, `${modules}/[^/]+/index\\.ts$`] },
  },
  {
    name: 'module-door-from-outside',
    comment: 'What is not a module enters one through its index.ts only.',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/(?!modules/)', pathNot: tests },
    to: { path: `${modules}/`, pathNot: `${modules}/[^/]+/(index\\.ts$|migrations/)` },
  },
  {
    name: 'kernel-is-pure',
    comment: 'The kernel imports nothing of ours, and of others only what computes.',
    severity: 'error',
    from: { path: '^packages/core/src/kernel/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/core/src/kernel/' },
  },
  {
    name: 'platform-imports-kernel-only',
    // The rules of which addresses are private are the plugin runtime's, and there once.
    comment: 'Adapters know the kernel and each other, no domain.',
    severity: 'error',
    from: { path: '^packages/core/src/platform/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/(core/src/(kernel|platform)|plugin-runtime/src/index)' },
  },
  {
    name: 'entry-knows-no-domain',
    comment: 'Where scopes are made; what it needs from a module is given to it at composition.',
    severity: 'error',
    from: { path: '^packages/core/src/entry/', pathNot: tests },
    to: {
      path: '^packages/',
      pathNot: '^packages/(core/src/(kernel|platform|entry)/|agent-protocol/src/|plugin-runtime/src/index)',
    },
  },
  {
    name: 'nothing-imports-composition',
    comment: 'Composition imports all and is imported by nothing of core.',
    severity: 'error',
    from: { path: '^packages/core/src/(?!composition/)', pathNot: tests },
    to: { path: '^packages/core/src/composition/' },
  },
  {
    name: 'core-imports-no-plugin',
    comment: 'Core defines capabilities; plugins implement them through the SDK.',
    severity: 'error',
    from: { path: '^packages/(core|web|agent|agent-protocol|plugin-runtime|plugin-kit)/' },
    to: { path: '^packages/plugins/' },
  },
  {
    name: 'plugin-imports-sdk-only',
    comment: 'A first-party plugin uses only what a third party has.',
    severity: 'error',
    from: { path: '^packages/plugins/([^/]+)/' },
    to: { path: '^packages/', pathNot: ['^packages/plugins/$1/', '^packages/sdk/'] },
  },
  {
    name: 'sdk-imports-nothing-of-ours',
    severity: 'error',
    from: { path: '^packages/sdk/' },
    to: { path: '^packages/', pathNot: '^packages/sdk/' },
  },
  {
    name: 'plugin-runtime-imports-sdk-only',
    comment: 'The platform and the acceptance kit run plugins by the same code, which knows neither.',
    severity: 'error',
    from: { path: '^packages/plugin-runtime/' },
    to: { path: '^packages/', pathNot: '^packages/(plugin-runtime|sdk)/' },
  },
  {
    name: 'plugin-kit-imports-sdk-and-runtime-only',
    severity: 'error',
    from: { path: '^packages/plugin-kit/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/(plugin-kit|plugin-runtime|sdk)/' },
  },
  {
    name: 'agent-imports-protocol-only',
    comment: 'The agent runs on machines where nothing else of ours is.',
    severity: 'error',
    from: { path: '^packages/agent/src/', pathNot: tests },
    to: { path: '^packages/', pathNot: '^packages/(agent|agent-protocol)/src/' },
  },
  {
    name: 'protocol-imports-nothing-of-ours',
    severity: 'error',
    from: { path: '^packages/agent-protocol/src/' },
    to: { path: '^packages/', pathNot: '^packages/agent-protocol/src/' },
  },
  {
    name: 'web-imports-types-of-core-only',
    comment: 'Code of the server must not reach a browser: import type.',
    severity: 'error',
    from: { path: '^packages/web/src/' },
    to: { path: '^packages/(core|agent|agent-protocol|sdk|plugin-runtime)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'web-portal-without-console',
    comment: 'The two doors of the web never load each other.',
    severity: 'error',
    from: { path: '^packages/web/src/(app/)?portal/' },
    to: { path: '^packages/web/src/app/console/' },
  },
  {
    name: 'code-imports-no-test',
    severity: 'error',
    from: { path: '^packages/', pathNot: tests },
    to: { path: `^test/|${tests}` },
  },
  {
    name: 'no-cycle',
    severity: 'error',
    from: { path: '^packages/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'resolvable',
    comment: 'An import that resolves to nothing hides whatever rule would hold for it.',
    severity: 'error',
    from: { path: '^(packages|test|scripts)/' },
    to: { couldNotResolve: true, pathNot: '\\.css$|\\?' },
  },
];

export default {
  forbidden: [...orderRules, ...rules],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'test/architecture/fixtures|/dist/|/output/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: tsConfig },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
