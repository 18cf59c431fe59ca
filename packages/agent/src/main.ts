import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keyFingerprint, type OrderPolicy } from '@bailiwick/agent-protocol';
import { readStatus } from './agent-status.ts';
import { enrollAgent } from './enroll-agent.ts';
import { runAgent } from './run-agent.ts';
import { isEnrolled, StateFolder, type AgentIdentity } from './state-folder.ts';

const HELP = `Usage: npm run agent -- <command> [options]

  enroll --server URL --token T   make a key and enrol this machine
         --observe-only           report, run no orders until an administrator allows it (the default)
         --allow-orders           run signed orders from now on
         --lock-orders            never run orders, whatever the server says
         --allow-http             let the token travel unencrypted to another machine
  run                             report and take orders until Ctrl-C
  policy --observe-only | --allow-orders | --lock-orders
                                  change what was said at enrolment (the agent must not run meanwhile)
  status                          say who this agent is and when it last reached its server

  --state DIR                     the agent's folder (default: /var/lib/bailiwick-agent as root, else ~/.local/state/bailiwick-agent)
`;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      server: { type: 'string' },
      token: { type: 'string' },
      state: { type: 'string' },
      'observe-only': { type: 'boolean', default: false },
      'allow-orders': { type: 'boolean', default: false },
      'lock-orders': { type: 'boolean', default: false },
      'allow-http': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
}

type Options = ReturnType<typeof readOptions>['values'];

function stateDirOf(options: Options): string {
  if (options.state !== undefined) return options.state;
  return process.getuid?.() === 0 ? '/var/lib/bailiwick-agent' : join(homedir(), '.local/state/bailiwick-agent');
}

function orderPolicyOf(options: Options): OrderPolicy | undefined {
  const policies: OrderPolicy[] = [];
  if (options['observe-only']) policies.push('observe');
  if (options['allow-orders']) policies.push('allow');
  if (options['lock-orders']) policies.push('locked');
  if (policies.length > 1) throw new Error('--observe-only, --allow-orders and --lock-orders exclude each other.');
  return policies[0];
}

function openEnrolled(options: Options): { state: StateFolder; identity: AgentIdentity } {
  const stateDir = stateDirOf(options);
  const state = isEnrolled(stateDir) ? new StateFolder(stateDir) : undefined;
  const identity = state?.identity();
  if (state === undefined || identity === undefined) throw new Error(`${stateDir} holds no enrolled agent.`);
  return { state, identity };
}

function changePolicy(options: Options): void {
  const orderPolicy = orderPolicyOf(options);
  if (orderPolicy === undefined) throw new Error('policy needs --observe-only, --allow-orders or --lock-orders.');
  const { state, identity } = openEnrolled(options);
  const unlock = state.lock();
  try {
    state.saveIdentity({ ...identity, orderPolicy });
  } finally {
    unlock();
  }
  process.stdout.write(`Orders: ${orderPolicy}. The server hears of it at the agent's next start.\n`);
}

async function enroll(options: Options): Promise<void> {
  // A token on the command line is seen by everybody on the machine; the environment is not.
  const token = options.token ?? process.env['BAILIWICK_ENROLMENT_TOKEN'];
  if (options.server === undefined || token === undefined)
    throw new Error('enroll needs --server URL and --token T (or BAILIWICK_ENROLMENT_TOKEN).');
  const orderPolicy = orderPolicyOf(options) ?? 'observe';
  const identity = await enrollAgent({
    stateDir: stateDirOf(options),
    serverUrl: options.server,
    token,
    orderPolicy,
    allowsPlainHttp: options['allow-http'],
  });
  process.stdout.write(
    `Enrolled as agent ${identity.agentId} of asset ${identity.assetId} (orders: ${identity.orderPolicy}).\n`,
  );
}

async function run(options: Options): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  // Started by the server, this channel closes when the server is gone, even by kill -9.
  process.once('disconnect', () => stop.abort());
  const log = (message: string): boolean => process.stderr.write(`${message}\n`);
  await runAgent({
    stateDir: stateDirOf(options),
    signal: stop.signal,
    log,
    ...(options.server === undefined ? {} : { serverUrl: options.server }),
  });
  if (process.connected) process.disconnect?.();
}

async function status(options: Options): Promise<void> {
  const { state, identity } = openEnrolled(options);
  const key = await state.key();
  process.stdout.write(
    `${JSON.stringify({ ...identity, keyFingerprint: keyFingerprint(key.publicKey), ...readStatus(state) }, null, 2)}\n`,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = readOptions(process.argv.slice(2));
  const [command, ...rest] = positionals;
  if (values.help || command === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if (rest.length > 0) throw new Error(`Unknown argument ${rest[0]}.\n\n${HELP}`);
  if (command === 'enroll') await enroll(values);
  else if (command === 'run') await run(values);
  else if (command === 'policy') changePolicy(values);
  else if (command === 'status') await status(values);
  else throw new Error(command === undefined ? HELP : `Unknown command ${command}.\n\n${HELP}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
