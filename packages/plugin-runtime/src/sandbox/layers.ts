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

/** Which layers are active here; found once, by trying. */
export async function sandboxLayers(): Promise<SandboxLayers> {
  throw new Error('not yet');
}
