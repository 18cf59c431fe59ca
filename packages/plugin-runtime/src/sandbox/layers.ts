import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What stands around a plugin's process on this machine, outermost first. */
export interface SandboxLayers {
  /** An empty network namespace: no interface, not even loopback. */
  readonly networkNamespace: boolean;
  /** Processes outside cannot be seen or signalled. */
  readonly processNamespace: boolean;
  /** A user of its own, without privileges. */
  readonly ownUser: boolean;
  /** The kernel caps memory, open files and file sizes. */
  readonly resourceLimits: boolean;
  /** Node's permission model: always. */
  readonly permissionModel: true;
}

interface Wrapping {
  readonly layers: SandboxLayers;
  wrap(command: readonly string[], heapMegabytes: number): readonly string[];
}

/** A host that dies takes its sandboxes along, even one that loops and never sees its channel close. */
const MORTAL = ['setpriv', '--pdeathsig=KILL', '--'];
const NAMESPACES = [...MORTAL, 'unshare', '--net', '--ipc', '--pid', '--fork', '--kill-child=KILL'];
const none = { networkNamespace: false, processNamespace: false, ownUser: false, permissionModel: true } as const;

/** From the strongest to none: the first that works here is taken. */
const wrappings: readonly Wrapping[] = [
  {
    layers: { ...none, networkNamespace: true, processNamespace: true, ownUser: true, resourceLimits: true },
    wrap: (command, heap) => [...NAMESPACES, '--', ...asNobody(), ...limited(heap), ...command],
  },
  {
    layers: { ...none, networkNamespace: true, processNamespace: true, resourceLimits: true },
    wrap: (command, heap) => [...NAMESPACES, '--user', '--', ...limited(heap), ...command],
  },
  {
    layers: { ...none, ownUser: true, resourceLimits: true },
    wrap: (command, heap) => [...MORTAL, ...asNobody(), ...limited(heap), ...command],
  },
  { layers: { ...none, resourceLimits: true }, wrap: (command, heap) => [...MORTAL, ...limited(heap), ...command] },
  { layers: { ...none, resourceLimits: false }, wrap: (command) => command },
];

/** A range that no distribution gives to people or services; each process takes the next, so that no two can signal each other. */
const FIRST_USER = 1_900_000_000;
let lastUser = 0;

function asNobody(): readonly string[] {
  lastUser = (lastUser + 1) % 100_000;
  const user = String(FIRST_USER + lastUser);
  const ids = [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  return ['setpriv', ...ids, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all', '--pdeathsig=keep'];
}

/** Node's own threads and code take some 400 MiB of writable address space, most of it never touched. */
const RUNTIME_MEGABYTES = 640;

function limited(heapMegabytes: number): readonly string[] {
  const bytes = (heapMegabytes + RUNTIME_MEGABYTES) * 1024 * 1024;
  return ['prlimit', `--data=${bytes}`, '--core=0', '--fsize=0', '--nofile=64', '--'];
}

let found: Promise<Wrapping> | undefined;

async function findWrapping(): Promise<Wrapping> {
  const plain: Wrapping = { layers: { ...none, resourceLimits: false }, wrap: (command) => command };
  if (process.platform !== 'linux') return plain;
  for (const wrapping of wrappings) if (await works(wrapping)) return wrapping;
  return plain;
}

async function works(wrapping: Wrapping): Promise<boolean> {
  const [command = '', ...rest] = wrapping.wrap([process.execPath, '--permission', '--version'], 64);
  try {
    await promisify(execFile)(command, rest, { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** The command with every layer that works here around it. */
export async function layered(command: readonly string[], heapMegabytes: number): Promise<readonly string[]> {
  found ??= findWrapping();
  return (await found).wrap(command, heapMegabytes);
}

/** Which layers are active here; found once, by trying. */
export async function sandboxLayers(): Promise<SandboxLayers> {
  found ??= findWrapping();
  return (await found).layers;
}
