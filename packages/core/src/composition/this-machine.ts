import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DependencyContainer } from 'tsyringe';
import { makeCommandLineScope } from '#entry/command-line/command-line-scope';
import type { ClientId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import { Directory } from '#modules/directory';
import { CreateEnrolmentToken } from '#modules/endpoints';
import { ClientQueries } from '#modules/tenancy';
import type { Logger } from '#platform/log';

const AGENT = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url));

/** An agent that ended is started again after this long, doubled each time up to the cap, so that a broken one does not eat the machine. */
const FIRST_RESTART_MS = 2000;
const LAST_RESTART_MS = 60_000;

/** The agent of the machine that the server runs on, as a process of its own. */
export interface LocalAgent {
  stop(): Promise<void>;
}

/**
 * Puts the server's own machine under management: enrols it with the internal client where it is not yet, observing only, and keeps its agent running. A machine that cannot be
 * enrolled is a warning, not the end of the server.
 */
export async function startLocalAgent(parts: {
  container: DependencyContainer;
  dataDir: string;
  serverUrl: string;
  log: Logger;
}): Promise<LocalAgent> {
  const stateDir = join(parts.dataDir, 'agent');
  await forgetStranger(parts.container, stateDir);
  if (!existsSync(join(stateDir, 'agent.json')) && !(await enrolHere(parts, stateDir))) return { stop: async () => {} };
  return supervise(['run', '--state', stateDir, '--server', parts.serverUrl], parts.log);
}

/** An agent that this database does not know (a new database on an old data folder, or revoked) is set aside; its machine enrols anew. */
async function forgetStranger(container: DependencyContainer, stateDir: string): Promise<void> {
  const identity = await readFile(join(stateDir, 'agent.json'), 'utf8').catch(() => null);
  if (identity === null) return;
  const { agentId } = JSON.parse(identity) as { agentId: string };
  if ((await container.resolve(Directory).findRoute('agent', agentId)) !== null) return;
  await rename(stateDir, `${stateDir}.${agentId}`);
}

async function enrolHere(
  { container, serverUrl, log }: { container: DependencyContainer; serverUrl: string; log: Logger },
  stateDir: string,
): Promise<boolean> {
  const home = await internalClient(container);
  if (home === null) return false;
  const { token } = await container
    .resolve(CreateEnrolmentToken)
    .run(home.scope, { clientId: home.clientId, label: 'The server’s own machine', maxUses: 1, expiresInHours: 1 });
  const args = ['enroll', '--server', serverUrl, '--state', stateDir, '--observe-only'];
  const child = agentProcess(args, { BAILIWICK_ENROLMENT_TOKEN: token });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) log.warn({ errors: errors.slice(0, 2000) }, 'this machine could not be enrolled');
  return code === 0;
}

/** The internal client of the install's first MSP. */
async function internalClient(
  container: DependencyContainer,
): Promise<{ scope: TenantScope; clientId: ClientId } | null> {
  const [msp] = (await container.resolve(Directory).listMsps()).toSorted((a, b) => (a.mspId < b.mspId ? -1 : 1));
  if (msp === undefined) return null;
  const scope = makeCommandLineScope(msp.mspId, 'server start');
  const clientId = await container.resolve(ClientQueries).internalClientId(scope);
  return { scope, clientId };
}

function supervise(args: string[], log: Logger): LocalAgent {
  let child: ChildProcess | null = null;
  const stopping = new AbortController();
  const loop = async (): Promise<void> => {
    for (let waitMs = FIRST_RESTART_MS; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, LAST_RESTART_MS)) {
      child = agentProcess(args);
      child.stderr?.on('data', (chunk: Buffer) => log.debug({ agent: chunk.toString().trim() }, 'local agent'));
      const [code] = (await once(child, 'exit')) as [number | null];
      if (stopping.signal.aborted) return;
      log.warn({ code }, 'the agent of this machine ended and is started again');
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      child?.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Its channel closes when this process dies, however it dies: an agent must not outlive its server unseen. */
function agentProcess(args: string[], environment: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [AGENT, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...environment },
  });
}
