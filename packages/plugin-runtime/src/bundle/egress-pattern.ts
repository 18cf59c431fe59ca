import { z } from 'zod';

/** Zones in which anyone may take a name: a star there would let data out to whoever took one. */
const sharedZones = [
  'appspot.com',
  'azureedge.net',
  'azurewebsites.net',
  'blob.core.windows.net',
  'cloudapp.azure.com',
  'cloudapp.net',
  'cloudfront.net',
  'execute-api.*.amazonaws.com',
  'firebaseapp.com',
  'fly.dev',
  'github.io',
  'githubusercontent.com',
  'gitlab.io',
  'herokuapp.com',
  'netlify.app',
  'ngrok-free.app',
  'ngrok.app',
  'ngrok.io',
  'nip.io',
  'on.aws',
  'onrender.com',
  'pages.dev',
  'run.app',
  's3.*.amazonaws.com',
  's3.amazonaws.com',
  'sslip.io',
  'trycloudflare.com',
  'vercel.app',
  'web.app',
  'web.core.windows.net',
  'webhook.site',
  'workers.dev',
  'xip.io',
] as const;

// The second labels under which countries register: `*.co.uk` is as wide as `*.com`.
const registries = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gov',
  'go',
  'gv',
  'mil',
  'ne',
  'net',
  'or',
  'org',
  'nom',
  'ltd',
  'plc',
  'me',
  'sch',
]);

const privateZones = new Set('local localhost internal lan home corp arpa onion test invalid'.split(' '));
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const placeholder = /^\{config\.([A-Za-z][A-Za-z0-9]{0,49})\}$/;

/** The field of the connection whose host a pattern names, such as `url` of `{config.url}`. */
export function egressField(pattern: string): string | undefined {
  return placeholder.exec(pattern)?.[1];
}

/** What is wrong with a host pattern, in words; undefined where nothing is. */
export function egressFault(pattern: string): string | undefined {
  if (egressField(pattern) !== undefined) return undefined;
  if (/[{}]/.test(pattern)) return 'names a field as {config.<field>}, alone';
  if (/[/:@?#\s]/.test(pattern)) return 'is a host name only: no scheme, port or path';
  const labels = pattern.split('.');
  if (labels.length < 2) return 'has no dot: only names of the public internet, or a field of the connection';
  if (labels.slice(-2).includes('*')) return 'is too wide: the last two labels have no star';
  if (labels.some((part) => part.includes('*') && part !== '*')) return 'has a star that is not a whole label';
  const isName = pattern.length <= 253 && labels.every((part) => part === '*' || label.test(part));
  if (!isName) return 'is no host name in lower case';
  const last = labels.at(-1) ?? '';
  if (/^\d+$/.test(last) || last.startsWith('0x')) return 'is an address, not a name';
  if (privateZones.has(last)) {
    return 'is a name of a private network: take {config.<field>}, which an administrator approves';
  }
  return labels.includes('*') ? wideness(labels) : undefined;
}

function wideness(labels: readonly string[]): string | undefined {
  const [second, last] = [labels.at(-2) ?? '', labels.at(-1) ?? ''];
  const isRegistry = labels.at(-3) === '*' && last.length === 2 && registries.has(second);
  if (isRegistry) return 'is too wide: whole companies are under it';
  const shared = sharedZones.find((zone) => reachesInto(labels, zone.split('.')));
  return shared === undefined ? undefined : `is too wide: anyone may take a name under ${shared}`;
}

/** Whether some star stands where a name under the zone is taken. */
function reachesInto(labels: readonly string[], zone: readonly string[]): boolean {
  const depth = labels.length - zone.length;
  const isUnder =
    depth > 0 && zone.every((part, index) => [part, '*'].includes(labels[depth + index] ?? '') || part === '*');
  return isUnder && labels.slice(0, depth).includes('*');
}

/** A host that a plugin may reach: a name, a name with stars for whole labels before the last two, or `{config.<field>}`. */
export const egressPatternSchema = z
  .string()
  .max(260)
  .superRefine((pattern, issues) => {
    const fault = egressFault(pattern);
    if (fault !== undefined) issues.addIssue({ code: 'custom', message: fault });
  });
