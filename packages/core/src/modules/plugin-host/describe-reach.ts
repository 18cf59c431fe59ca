import { classifyAddress, systemResolve, type Resolve } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import { text } from '#kernel/text';
import type { TenantScope } from '#kernel/tenant-scope';
import { pluginIdSchema, type InstalledPlugins } from '#modules/plugins';
import { configInput, originsOf, readConfig, typeOf } from './connection-draft.ts';

export const describeReachInput = z.object({ pluginId: pluginIdSchema, type: text({ max: 100 }), config: configInput });

/** A host that a connection would reach because its configuration says so. */
export interface Reach {
  /** The field of the configuration that leads there. */
  readonly field: string;
  readonly origin: string;
  readonly host: string;
  /** `private` needs the approval of the network too; `never` can be approved by nobody. */
  readonly network: 'public' | 'private' | 'never' | 'unknown';
  /** What the administrator agrees to, in a sentence. */
  readonly sentence: string;
  /** What has to be in `approvals` for it. */
  readonly needs: { kind: 'origin' | 'network'; value: string }[];
}

interface Deps {
  readonly plugins: InstalledPlugins;
  readonly resolve?: Resolve;
}

/** Says in words what an administrator approves with a configuration, before it is saved. */
export class DescribeReach {
  readonly #plugins: InstalledPlugins;
  readonly #resolve: Resolve;

  constructor(deps: Deps) {
    this.#plugins = deps.plugins;
    this.#resolve = deps.resolve ?? systemResolve;
  }

  /** Throws `plugins.plugin-not-found`, `plugin-host.type-not-found`, `plugin-host.bad-config`. */
  async run(scope: TenantScope, input: z.output<typeof describeReachInput>): Promise<{ items: Reach[] }> {
    const plugin = await this.#plugins.byId(scope, input.pluginId);
    const type = typeOf(plugin, input.type);
    const origins = originsOf(plugin, type, readConfig(type, input.config));
    return { items: await Promise.all(origins.map(({ field, origin }) => this.#reach(field, origin))) };
  }

  async #reach(field: string, origin: string): Promise<Reach> {
    const host = new URL(origin).hostname;
    const network = await this.#networkOf(host);
    const needs: Reach['needs'] = [{ kind: 'origin', value: origin }];
    if (network === 'private') needs.push({ kind: 'network', value: host });
    return { field, origin, host, network, sentence: sentenceOf(origin, network), needs };
  }

  async #networkOf(host: string): Promise<Reach['network']> {
    const bare = host.startsWith('[') ? host.slice(1, -1) : host;
    const addresses = await this.#resolve(bare).catch(() => []);
    if (addresses.length === 0) return 'unknown';
    const kinds = addresses.map(classifyAddress);
    // The worst of them: any of the addresses may be the one that is connected to.
    return kinds.find((kind) => kind === 'never') ?? kinds.find((kind) => kind === 'private') ?? 'public';
  }
}

function sentenceOf(origin: string, network: Reach['network']): string {
  const plain = origin.startsWith('http:') ? ' Nothing on the way is encrypted.' : '';
  switch (network) {
    case 'public':
      return `Bailiwick will send requests, and this connection’s credential, to ${origin} on the internet.${plain}`;
    case 'private':
      return `Bailiwick will send requests, and this connection’s credential, to ${origin} on the private network of its own server.${plain}`;
    case 'never':
      return `${origin} is an address of this machine’s platform or of none; no connection may reach it.`;
    case 'unknown':
      return `${origin} cannot be found now. Once it can, Bailiwick will send requests, and this connection’s credential, there.${plain}`;
  }
}
