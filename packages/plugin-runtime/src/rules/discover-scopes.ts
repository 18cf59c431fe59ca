import type { DiscoveredScope } from '@bailiwick/sdk';
import type { CallOptions, RunningPlugin } from '../invocation.ts';
import { checkScopes } from './check-answers.ts';

/**
 * Everything that discovery lists, checked. Empty after non-empty is for the caller to refuse: only it knows what was there.
 *
 * @throws CallFailed
 */
export async function discoverScopes(plugin: RunningPlugin, options: CallOptions): Promise<readonly DiscoveredScope[]> {
  const seen = new Set<string>();
  const scopes: DiscoveredScope[] = [];
  for await (const batch of plugin.pull({ kind: 'discover' }, options)) scopes.push(...checkScopes(batch, seen));
  return scopes;
}
