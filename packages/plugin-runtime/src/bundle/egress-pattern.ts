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
  const isWild = pattern.startsWith('*.');
  const labels = (isWild ? pattern.slice(2) : pattern).split('.');
  if (pattern === '*' || labels.some((part) => part.includes('*')))
    return 'has its one star as the first label: *.example.com';
  if (pattern.length > 253 || !labels.every((part) => label.test(part))) return 'is no host name in lower case';
  if (labels.length < 2) return 'has no dot: only names of the public internet, or a field of the connection';
  if (/^\d+$/.test(labels.at(-1) ?? '') || (labels.at(-1) ?? '').startsWith('0x')) return 'is an address, not a name';
  if (
    ['local', 'localhost', 'internal', 'lan', 'home', 'corp', 'arpa', 'onion', 'test', 'invalid'].includes(
      labels.at(-1) ?? '',
    )
  ) {
    return 'is a name of a private network: take {config.<field>}, which an administrator approves';
  }
  return isWild ? wideness(labels) : undefined;
}

function wideness(labels: readonly string[]): string | undefined {
  const [second, last] = [labels.at(-2) ?? '', labels.at(-1) ?? ''];
  const isRegistry = labels.length === 2 && last.length === 2 && registries.has(second);
  if (isRegistry) return 'is too wide: whole companies are under it';
  const zone = labels.join('.');
  const shared = sharedZones.find((name) => zone === name || zone.endsWith(`.${name}`));
  return shared === undefined ? undefined : `is too wide: anyone may take a name under ${shared}`;
}

/** A host that a plugin may reach: a name, `*.` and a name (one label), or `{config.<field>}`. */
export const egressPatternSchema = z
  .string()
  .max(260)
  .superRefine((pattern, issues) => {
    const fault = egressFault(pattern);
    if (fault !== undefined) issues.addIssue({ code: 'custom', message: fault });
  });

/** Whether a host is one of those that the patterns name; patterns that name a field match nothing here. */
export function isDeclaredHost(host: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (!pattern.startsWith('*.')) return pattern === host;
    const dot = host.indexOf('.');
    return dot > 0 && host.slice(dot) === pattern.slice(1);
  });
}
