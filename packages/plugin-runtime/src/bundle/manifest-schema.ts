import { SDK_API, entities, type PluginManifest } from '@bailiwick/sdk';
import { z } from 'zod';
import { BundleRefused } from './bundle-refused.ts';
import { egressPatternSchema } from './egress-pattern.ts';
import { lineSchema } from './field-schema.ts';
import { readChecked } from './read-checked.ts';

const kebab = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';

// https://semver.org, without build metadata: two builds of one version would not be comparable.
const semver = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

const canonical = z.enum(Object.keys(entities) as (keyof typeof entities)[]);
const own = z.custom<`x:${string}/${string}`>(
  (value) =>
    typeof value === 'string' && value.length <= 100 && new RegExp(`^x:${kebab}/[a-z][A-Za-z0-9-]*$`).test(value),
  'is neither a canonical type of record nor x:<plugin>/<type>',
);
/** The type of a record: a canonical one, or the plugin's own. */
export const recordTypeSchema = z.union([canonical, own]);
/** What an action does, from the weakest to the strongest. */
export const effectSchema = z.enum(['read', 'create', 'update', 'delete', 'execute']);
/** An event of the platform. */
export const eventSchema = z.enum([
  'alert.raised',
  'alert.acknowledged',
  'alert.recovered',
  'ticket.opened',
  'ticket.changed',
  'invoice.approved',
]);
/** A place of the console. */
export const slotSchema = z.enum(['client.tab/v1', 'asset.tab/v1', 'connection.tab/v1', 'dashboard.widget/v1']);

const distinct = <T extends z.ZodType>(of: T, max: number) =>
  z
    .array(of)
    .max(max)
    .refine((list) => new Set(list).size === list.length, 'names something twice');

const capabilitiesSchema = z.strictObject({
  records: distinct(recordTypeSchema, 60),
  actions: effectSchema.exactOptional(),
  webhooks: z.literal(true).exactOptional(),
  events: distinct(eventSchema, 20).min(1).exactOptional(),
  state: z.literal(true).exactOptional(),
  views: distinct(slotSchema, 10).min(1).exactOptional(),
  frames: distinct(slotSchema, 10).min(1).exactOptional(),
});

const contact = z.union([z.email().max(254), z.url({ protocol: /^https$/ }).max(500)]);

/** `plugin.json`: every field is checked, and a field that is not known is refused. */
export const manifestSchema = z.strictObject({
  id: z
    .string()
    .max(100)
    .regex(new RegExp(`^${kebab}/${kebab}$`), 'is <publisher>/<name>, both in kebab case'),
  name: lineSchema(60),
  version: z.string().max(60).regex(semver, 'is a semantic version such as 1.4.0'),
  sdkApi: z.literal(SDK_API),
  description: lineSchema(300),
  kind: z.enum(['monitoring', 'cloud', 'saas', 'endpoint', 'backup', 'accounting', 'notification', 'ai']),
  licence: z
    .string()
    .max(100)
    .regex(/^[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*$/, 'is an SPDX identifier'),
  securityContact: contact,
  homepage: z
    .url({ protocol: /^https$/ })
    .max(500)
    .exactOptional(),
  egress: distinct(egressPatternSchema, 200),
  capabilities: capabilitiesSchema,
});

/**
 * Reads `plugin.json` from its text.
 *
 * @throws BundleRefused that names the field
 */
export function readManifest(text: string): PluginManifest {
  const json = readJsonObject('plugin.json', text);
  if (json['sdkApi'] !== undefined && json['sdkApi'] !== SDK_API) {
    throw new BundleRefused('wrong-sdk-api', 'plugin.json/sdkApi', `is not ${SDK_API}, which this host speaks.`);
  }
  const script = ['scripts', 'preinstall', 'install', 'postinstall', 'prepare'].find((name) =>
    Object.hasOwn(json, name),
  );
  if (script !== undefined) {
    throw new BundleRefused('install-script', `plugin.json/${script}`, 'nothing runs when a plugin is installed.');
  }
  const manifest: PluginManifest = readChecked('plugin.json', manifestSchema, json);
  checkOwnTypes(manifest);
  return manifest;
}

/**
 * Reads a JSON object from its text.
 *
 * @throws BundleRefused `bad-json`
 */
export function readJsonObject(file: string, text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BundleRefused('bad-json', file, 'is no JSON.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new BundleRefused('bad-json', file, 'is no JSON object.');
  }
  return json as Record<string, unknown>;
}

function checkOwnTypes({ id, capabilities }: PluginManifest): void {
  const name = id.slice(id.indexOf('/') + 1);
  capabilities.records.forEach((type, index) => {
    if (type.startsWith('x:') && !type.startsWith(`x:${name}/`)) {
      const field = `plugin.json/capabilities/records/${index}`;
      throw new BundleRefused('bad-field', field, `a type of this plugin's own starts with x:${name}/.`);
    }
  });
}
