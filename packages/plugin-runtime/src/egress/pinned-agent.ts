import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as TlsAgent, type AgentOptions as TlsAgentOptions } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { isIPv6, Socket as NetSocket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { EgressRefused } from './egress-error.ts';
import { checkAddress, type EgressPolicy } from './policy.ts';

/** Agents without a proxy, whatever the environment says: the default of Node's own agents, never of its global one. */
const pooled: AgentOptions = {
  keepAlive: true,
  keepAliveMsecs: 10_000,
  maxSockets: 32,
  maxFreeSockets: 8,
  scheduling: 'lifo',
};

/** A write never rides on an idle connection: if the vendor closed it meanwhile, nobody could tell whether the write was done. */
const fresh: AgentOptions = { keepAlive: false, maxSockets: 32 };

/** The open connections of one plugin's connection. */
export class ConnectionPool {
  readonly #agents: readonly [Agent, Agent, TlsAgent, TlsAgent];

  constructor(policy: EgressPolicy, certificateAuthorities: readonly string[] = []) {
    const trust: TlsAgentOptions =
      certificateAuthorities.length === 0 ? {} : { ca: [...getCACertificates('default'), ...certificateAuthorities] };
    this.#agents = [
      new CheckedAgent(policy, pooled),
      new CheckedAgent(policy, fresh),
      new CheckedTlsAgent(policy, { ...pooled, ...trust }),
      new CheckedTlsAgent(policy, { ...fresh, ...trust }),
    ];
  }

  agentFor(url: URL, isIdempotent: boolean): Agent {
    const [plain, plainFresh, tls, tlsFresh] = this.#agents;
    if (url.protocol === 'https:') return isIdempotent ? tls : tlsFresh;
    return isIdempotent ? plain : plainFresh;
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}

/** Looks up nothing: hands on the addresses that were checked, whatever the name stands for by now. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (host, options, done) => {
    const [first] = entries;
    if (options.all === true) done(null, entries);
    else if (first === undefined) done(new Error(`No address is known for ${host}.`), '');
    else done(null, first.address, first.family);
  };
}

export class CheckedAgent extends Agent {
  readonly #policy: EgressPolicy;

  constructor(policy: EgressPolicy, options: AgentOptions) {
    super(options);
    this.#policy = policy;
  }

  override createConnection(...[options, callback]: Parameters<Agent['createConnection']>) {
    return checked(this.#policy, options, super.createConnection(options, callback));
  }
}

class CheckedTlsAgent extends TlsAgent {
  readonly #policy: EgressPolicy;

  constructor(policy: EgressPolicy, options: TlsAgentOptions) {
    super(options);
    this.#policy = policy;
  }

  override createConnection(...[options, callback]: Parameters<TlsAgent['createConnection']>) {
    return checked(this.#policy, options, super.createConnection(options, callback));
  }
}

/** The last look: at the address that the connection has in fact, before a byte of the request is written. */
function checked<S>(policy: EgressPolicy, options: ClientRequestArgs, socket: S): S {
  if (!(socket instanceof NetSocket)) return socket;
  const peer: Socket = socket;
  peer.prependOnceListener('connect', () => {
    const host = options.host ?? '';
    try {
      checkAddress(policy, host, peer.remoteAddress ?? '');
    } catch (error) {
      peer.destroy(
        error instanceof Error ? error : new EgressRefused('address', host, `${host} could not be checked.`),
      );
    }
  });
  return socket;
}
