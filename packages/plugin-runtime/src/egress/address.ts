import { isIP } from 'node:net';

/**
 * Where an address leads. `public`: anywhere on the internet. `private`: special-use, reached only where it is approved for a connection.
 * `never`: nothing can approve it (link-local and with it cloud metadata, multicast, reserved, forms that hide another address).
 */
export type AddressKind = 'public' | 'private' | 'never';

/** An address as a number, with its family. */
interface Numeric {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

interface Block {
  readonly bits: 32 | 128;
  readonly value: bigint;
  readonly length: number;
}

/**
 * Special-use blocks by what may be done with them; where several hold, the first row counts.
 * Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190), IPv4 multicast (RFC 5771), IPv6 site-local (RFC 3879).
 */
const rules: readonly (readonly [AddressKind, readonly Block[]])[] = [
  // Metadata and platform services of clouds that are not link-local: AWS and Google over IPv6, Azure, Alibaba, Oracle.
  ['never', blocks('fd00:ec2::/32', 'fd20:ce::/32', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32')],
  ['private', blocks('10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15')],
  ['private', blocks('::1/128', 'fc00::/7')],
  ['never', blocks('0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24')],
  ['never', blocks('198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4')],
  // Teredo, ORCHID, benchmarking and the rest of the protocol assignments; documentation; 6to4.
  ['never', blocks('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20')],
  ['public', blocks('0.0.0.0/0', '2000::/3')],
];

/** Prefixes behind which an IPv4 address stands in the last 32 bits: mapped (RFC 4291), compatible (deprecated there), NAT64 (RFC 6052). */
const embedding = blocks('::ffff:0:0/96', '::/96', '64:ff9b::/96');

/**
 * Classifies an address in text, without brackets. An IPv4 address inside an IPv6 one is judged as itself. What is no address, or has a zone, is `never`.
 *
 * @example
 * classifyAddress('::ffff:7f00:1'); // 'private', as 127.0.0.1
 */
export function classifyAddress(address: string): AddressKind {
  const numeric = parse(address);
  if (numeric === null) return 'never';
  const plain = unmap(numeric);
  return rules.find(([, list]) => list.some((block) => holds(block, plain)))?.[0] ?? 'never';
}

/** Whether an address lies in a network: a CIDR block, or one address. What is neither holds nothing. */
export function isInNetwork(address: string, network: string): boolean {
  const block = parseBlock(network);
  const numeric = parse(address);
  return block !== null && numeric !== null && holds(block, unmap(numeric));
}

function holds(block: Block, address: Numeric): boolean {
  const shift = BigInt(block.bits - block.length);
  return block.bits === address.bits && address.value >> shift === block.value >> shift;
}

function unmap(address: Numeric): Numeric {
  if (address.bits === 32) return address;
  // `::` and `::1` are addresses of their own, not 0.0.0.0 and 0.0.0.1.
  if (address.value <= 1n || !embedding.some((block) => holds(block, address))) return address;
  return { bits: 32, value: address.value & 0xffff_ffffn };
}

function parse(address: string): Numeric | null {
  const family = isIP(address);
  if (family === 4) return { bits: 32, value: fromBytes(address.split('.').map(Number), 8n) };
  if (family !== 6 || address.includes('%')) return null;
  // The URL parser writes any IPv6 form as hexadecimal groups.
  const host = URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return null;
  const [head = '', tail] = host.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return { bits: 128, value: fromBytes([...before, ...zeros, ...after], 16n) };
}

function fromBytes(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
}

function parseBlock(text: string): Block | null {
  const [address = '', length] = text.split('/');
  const numeric = parse(address);
  if (numeric === null) return null;
  const bits = length === undefined ? numeric.bits : Number(length);
  if (!Number.isInteger(bits) || length === '' || bits < 0 || bits > numeric.bits) return null;
  return { ...numeric, length: bits };
}

function blocks(...texts: readonly string[]): readonly Block[] {
  return texts.map((text) => {
    const block = parseBlock(text);
    if (block === null) throw new Error(`"${text}" is no address block.`);
    return block;
  });
}
