import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const database = 'test/support/database-server.ts';
const webConfig = fileURLToPath(new URL('packages/web/vite.config.ts', import.meta.url));

const everyScreen = 'test/journeys/every-screen.test.ts';
/** Each file has a server and a browser of its own, and a page that answers slowly on a busy machine is not wrong. */
const patient = { testTimeout: 180_000, hookTimeout: 180_000, expect: { poll: { timeout: 30_000 } } };

const projects: TestProjectConfiguration[] = [
  {
    test: {
      name: 'unit',
      include: ['packages/{core,agent,agent-protocol,sdk,plugin-runtime,plugin-kit}/src/**/*.test.ts'],
      exclude: ['**/*.db.test.ts'],
      // Generous, for property tests and real agents on a busy machine; a test that hangs is still found.
      testTimeout: 120_000,
      sequence: { groupOrder: 0 },
    },
  },
  {
    test: {
      name: 'db',
      include: ['packages/core/src/**/*.db.test.ts'],
      globalSetup: database,
      testTimeout: 30_000,
      hookTimeout: 60_000,
      sequence: { groupOrder: 1 },
    },
  },
  {
    test: {
      name: 'cross',
      include: ['test/{sdk-contract,architecture,tenancy,migrations,faults,peers,emulators}/**/*.test.ts'],
      globalSetup: database,
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // One more than there are processors for the others: these wait for servers to start, to fail and to be found dead.
      maxWorkers: 3,
      sequence: { groupOrder: 2 },
    },
  },
  {
    test: {
      name: 'journeys',
      include: ['test/journeys/**/*.test.ts'],
      exclude: [everyScreen],
      ...patient,
      sequence: { groupOrder: 3 },
    },
  },
  {
    test: {
      name: 'screens',
      include: [everyScreen],
      ...patient,
      // Alone: what is drawn late on a busy machine looks as though it moved.
      sequence: { groupOrder: 4 },
    },
  },
];

// The web's tests need the web's own plugins (Solid's JSX).
if (existsSync(webConfig)) {
  projects.push({
    extends: webConfig,
    test: {
      name: 'web',
      root: fileURLToPath(new URL('packages/web', import.meta.url)),
      include: ['src/**/*.test.{ts,tsx}'],
      // What is tested here needs no document; what does is tested in Chromium. Solid's plugin would ask for jsdom.
      environment: 'node',
      sequence: { groupOrder: 0 },
    },
  });
}

export default defineConfig({
  test: {
    projects,
    maxWorkers: 2,
    pool: 'forks',
    // Files share a worker: reading the whole platform anew for each of them took half of the run. No test may leave anything behind.
    isolate: false,
  },
});
