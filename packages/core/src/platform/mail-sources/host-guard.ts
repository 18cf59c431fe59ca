import { isIP } from 'node:net';
import { classifyAddress, isInNetwork, systemResolve, type Resolve } from '@bailiwick/plugin-runtime';
import { MailSourceError } from './mail-source.ts';

/**
 * Keeps a host that an administrator of an MSP typed from leading into the platform's own network: every address that the name stands for is judged, and the connection
 * is made to a judged one, whatever the name stands for by then.
 */
export class HostGuard {
  readonly #allowed: readonly string[];
  readonly #resolve: Resolve;

  /** @param options.allowed hosts and CIDR blocks that may be reached although they are private */
  constructor(options: { allowed: readonly string[]; resolve?: Resolve }) {
    this.#allowed = options.allowed.map((entry) => entry.toLowerCase());
    this.#resolve = options.resolve ?? systemResolve;
  }

  /** An address to connect to, and whether it is on a private network. Throws `MailSourceError`. */
  async pin(host: string): Promise<{ address: string; isPrivate: boolean }> {
    const addresses = isIP(host) === 0 ? await this.#lookUp(host) : [host];
    for (const address of addresses) this.#assertAllowed(host, address);
    const [address] = addresses;
    if (address === undefined) throw new MailSourceError('address', `The name ${host} stands for no address.`);
    return { address, isPrivate: classifyAddress(address) === 'private' };
  }

  async #lookUp(host: string): Promise<readonly string[]> {
    try {
      return await this.#resolve(host);
    } catch (cause) {
      const code = (cause as { code?: string }).code ?? '';
      throw new MailSourceError(
        'address',
        code === 'ENOTFOUND' || code === 'ENODATA'
          ? `There is no host called ${host}. Check the spelling.`
          : `The name ${host} could not be looked up (${code || 'unknown reason'}).`,
        { cause },
      );
    }
  }

  #assertAllowed(host: string, address: string): void {
    const kind = classifyAddress(address);
    if (kind === 'public') return;
    if (kind === 'private' && this.#allowed.some((entry) => entry === host || isInNetwork(address, entry))) return;
    throw new MailSourceError(
      'address',
      kind === 'private'
        ? `${host} is on a private network, which is not reached from here. Whoever runs the server can allow it with MAIL_PRIVATE_HOSTS.`
        : `${host} stands for an address that is never reached.`,
    );
  }
}
