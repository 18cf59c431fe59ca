import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptPayload } from '@bailiwick/agent-protocol';
import type { OrderContext, OrderEnd } from './order-context.ts';
import { runProcess } from './run-process.ts';

const INTERPRETERS = {
  shell: { file: '/bin/sh', name: 'script.sh' },
  python: { file: 'python3', name: 'script.py' },
} as const;

/** Runs a script in a folder of its own, which is gone afterwards. */
export async function runScript(payload: ScriptPayload, context: OrderContext): Promise<OrderEnd> {
  const interpreter = INTERPRETERS[payload.interpreter];
  mkdirSync(context.folder, { recursive: true, mode: 0o700 });
  try {
    const script = join(context.folder, interpreter.name);
    writeFileSync(script, payload.body, { mode: 0o600 });
    const end = await runProcess({
      ...context,
      file: interpreter.file,
      args: [script, ...payload.args],
      environment: { BAILIWICK_ORDER_ID: context.orderId },
      timeoutMs: payload.timeoutSeconds * 1000,
    });
    if (end.kind === 'not-started')
      return { state: 'failed', exitCode: null, message: `${interpreter.file} could not be started: ${end.message}` };
    if (end.kind === 'timed-out') return { state: 'timed-out', exitCode: end.exitCode, signal: end.signal };
    if (end.exitCode === 0) return { state: 'succeeded', exitCode: 0 };
    const message =
      end.exitCode === null
        ? `The script was ended by ${end.signal ?? 'a signal'}.`
        : `The script ended with exit code ${end.exitCode}.`;
    return { state: 'failed', exitCode: end.exitCode, signal: end.signal, message };
  } finally {
    rmSync(context.folder, { recursive: true, force: true });
  }
}
