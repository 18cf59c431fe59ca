import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey, importSigningKey, publicKeySchema, type SigningKey } from '@bailiwick/agent-protocol';
import { z } from 'zod';
import { readIfThere, replaceFile } from './durable-file.ts';

const identitySchema = z.object({
  serverUrl: z.url(),
  agentId: z.uuid(),
  mspId: z.uuid(),
  clientId: z.uuid(),
  assetId: z.uuid(),
  orderKey: publicKeySchema,
  orderPolicy: z.enum(['observe', 'allow', 'locked']),
  reportIntervalSeconds: z.int().min(1),
});

/** Who this agent is and whom it obeys; written at enrolment and changed by signed orders only. */
export type AgentIdentity = z.infer<typeof identitySchema>;

const runsSchema = z.object({ confirmed: z.uuid().optional(), pending: z.array(z.uuid()).default([]) });

/** The runs that this folder knows it began. A hello of a `pending` one may or may not have reached the server. */
export type KnownRuns = z.infer<typeof runsSchema>;

/** The agent's folder: mode 0700, as it holds the key that the server knows this machine by. */
export class StateFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  }

  file(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** The agent's key; made on first use and kept in a file of mode 0600. Throws `agent.bad-key` for a file that holds none. */
  async key(): Promise<SigningKey> {
    const stored = readIfThere(this.file('key'));
    if (stored !== undefined) return importSigningKey(stored.trim());
    const { key, exported } = await generateSigningKey();
    replaceFile(this.file('key'), `${exported}\n`);
    return key;
  }

  /** The identity, or undefined before enrolment. */
  identity(): AgentIdentity | undefined {
    const stored = readIfThere(this.file('agent.json'));
    return stored === undefined ? undefined : identitySchema.parse(JSON.parse(stored));
  }

  saveIdentity(identity: AgentIdentity): void {
    replaceFile(this.file('agent.json'), `${JSON.stringify(identity, null, 2)}\n`);
  }

  runs(): KnownRuns {
    const stored = readIfThere(this.file('runs.json'));
    return stored === undefined ? { pending: [] } : runsSchema.parse(JSON.parse(stored));
  }

  saveRuns(runs: KnownRuns): void {
    replaceFile(this.file('runs.json'), JSON.stringify(runs));
  }

  /** Takes the folder for this process. Throws if another living process has it: two would use up each other's sequence numbers. */
  lock(): () => void {
    const path = this.file('lock');
    const mine = JSON.stringify({ pid: process.pid, startedAt: processStart(process.pid) });
    for (let tries = 0; tries < 2; tries += 1) {
      try {
        writeFileSync(path, mine, { flag: 'wx', mode: 0o600 });
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        refuseLivingHolder(path);
        rmSync(path, { force: true });
      }
    }
    throw new Error(`${path} is taken by another agent that starts at this moment.`);
  }
}

function refuseLivingHolder(path: string): void {
  let holder: { pid?: unknown; startedAt?: unknown };
  try {
    holder = JSON.parse(readFileSync(path, 'utf8')) as typeof holder;
  } catch {
    // Torn by a crash while it was written: nobody holds it.
    return;
  }
  if (typeof holder.pid !== 'number') return;
  const startedAt = processStart(holder.pid);
  if (startedAt !== undefined && startedAt === holder.startedAt) {
    throw new Error(`Another agent (process ${holder.pid}) runs on this state folder. Stop it first.`);
  }
}

/** When a process started, in the kernel's ticks: tells a process from a later one with its number. Undefined if it is gone. */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return isAlive(pid) ? 'unknown' : undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a folder is there and holds an agent. */
export function isEnrolled(path: string): boolean {
  try {
    return statSync(join(path, 'agent.json')).isFile();
  } catch {
    return false;
  }
}
