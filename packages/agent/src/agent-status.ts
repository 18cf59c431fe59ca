import { readIfThere, replaceFile } from './durable-file.ts';
import type { AgentClock } from './clock.ts';
import type { ServerRefusal } from './server-client.ts';
import type { StateFolder } from './state-folder.ts';

/** What `status` tells of the last try to reach the server. */
export interface AgentStatus {
  readonly triedAt: string;
  readonly reachedAt?: string;
  readonly spoolBytes: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export function saveStatus(
  state: StateFolder,
  { clock, spoolBytes, error }: { clock: AgentClock; spoolBytes: number; error: ServerRefusal | undefined },
): void {
  const triedAt = clock.now().round('second').toString();
  const reachedAt = error === undefined ? triedAt : readStatus(state)?.reachedAt;
  const status: AgentStatus = {
    triedAt,
    spoolBytes,
    ...(reachedAt === undefined ? {} : { reachedAt }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
  };
  replaceFile(state.file('status.json'), JSON.stringify(status), { isDurable: false });
}

export function readStatus(state: StateFolder): AgentStatus | undefined {
  try {
    const stored = readIfThere(state.file('status.json'));
    return stored === undefined ? undefined : (JSON.parse(stored) as AgentStatus);
  } catch {
    return undefined;
  }
}
