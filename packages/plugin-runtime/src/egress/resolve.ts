import { promises as dns } from 'node:dns';

/** Finds the addresses of a name. Injected in tests. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The system's resolver, hosts file included, in the order it prefers. */
export const systemResolve: Resolve = async (host) => {
  const found = await dns.lookup(host, { all: true, order: 'verbatim' });
  return found.map((entry) => entry.address);
};
