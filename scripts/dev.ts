// `npm run dev`: the server, started again on each change, beside Vite, which hands /api on to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const port = process.env['PORT'] ?? '3000';
const server = [
  '--watch',
  '--watch-preserve-output',
  'packages/core/src/composition/start.ts',
  ...process.argv.slice(2),
];
const children: readonly ChildProcess[] = [
  spawn(process.execPath, server, { cwd: root, stdio: 'inherit' }),
  spawn(process.execPath, ['node_modules/vite/bin/vite.js'], {
    cwd: `${root}/packages/web`,
    stdio: 'inherit',
    env: { ...process.env, BAILIWICK_DEV_API: `http://localhost:${port}` },
  }),
];

function stopAll(signal: NodeJS.Signals): void {
  for (const child of children) child.kill(signal);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopAll(signal));
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 1;
    stopAll('SIGTERM');
  });
}
