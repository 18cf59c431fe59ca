import { BlockList, isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * The address of whoever sent the request. `X-Forwarded-For` counts only as far as trusted proxies wrote it: read from the right, the first address that
 * is not one of ours.
 */
export function clientAddress(context: Context, trustedProxies: readonly string[]): string {
  const peer = plain(peerOf(context));
  if (trustedProxies.length === 0 || !isTrusted(peer, trustedProxies)) return peer;
  const hops = (context.req.header('x-forwarded-for') ?? '')
    .split(',')
    .map((hop) => plain(hop.trim()))
    .filter((hop) => isIP(hop) !== 0);
  return hops.toReversed().find((hop) => !isTrusted(hop, trustedProxies)) ?? hops[0] ?? peer;
}

function peerOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? '0.0.0.0';
  } catch {
    // Called without a socket: `app.request()` in a test.
    return '0.0.0.0';
  }
}

/** IPv4 addresses that arrive on an IPv6 socket, in their own form. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

function isTrusted(address: string, trusted: readonly string[]): boolean {
  const list = new BlockList();
  for (const entry of trusted) {
    const [network = '', bits] = entry.split('/');
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(network) === 0) continue;
    if (bits === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(bits), family);
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
