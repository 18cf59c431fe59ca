import type { Field, Json, Shape } from '@bailiwick/sdk';
import { checkValue, originsToApprove, type ConnectionDescription } from '@bailiwick/plugin-runtime';
import { z } from 'zod';
import { ConflictError, InvalidInputError, NotFoundError, type FieldError } from '#kernel/errors';
import { requirePermission, requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import { text } from '#kernel/text';
import type { InstalledPlugin } from '#modules/plugins';
import type { Approval } from './plugin-host-table.ts';

/** The form's values: checked against the fields that the connection type declares. */
export const configInput = z.record(z.string().max(100), z.unknown());
/** What was typed into secret fields; a field that is not named stays as it is. */
export const secretsInput = z.record(z.string().max(100), z.string().max(100_000));
/** What an administrator allows the connection to reach, by the words of `plugin-host.describe-reach`. */
export const approvalsInput = z
  .array(z.object({ kind: z.enum(['origin', 'network']), value: text({ max: 300 }) }))
  .max(50);

type Config = Readonly<Record<string, Json>>;

/** Throws `plugin-host.plugin-disabled`. */
export function assertEnabled(plugin: InstalledPlugin): void {
  if (plugin.state !== 'enabled')
    throw new ConflictError('plugin-host.plugin-disabled', `${plugin.manifest.name} is ${plugin.state}.`);
}

/** A connection type of the running version. Throws `plugin-host.type-not-found`. */
export function typeOf(plugin: InstalledPlugin, name: string): ConnectionDescription {
  const type = plugin.description.connections.find((candidate) => candidate.name === name);
  if (type === undefined)
    throw new NotFoundError('plugin-host.type-not-found', `${plugin.name} has no type of connection named ${name}.`);
  return type;
}

/** The configuration without its secrets, in the form in which it is kept. Throws `plugin-host.bad-config`, which names each field. */
export function readConfig(type: ConnectionDescription, config: Readonly<Record<string, unknown>>): Config {
  const checked = checkValue(
    fieldsOf(type, (field) => field.kind !== 'secret'),
    config,
  );
  if (checked.ok) return checked.value;
  throw badConfig(checked.errors.map(({ path, message }) => ({ path: ['config', ...partsOf(path)], message })));
}

/** The secrets that were typed. With `isNew`, those that must be there are. Throws `plugin-host.bad-config`. */
export function readSecrets(
  type: ConnectionDescription,
  secrets: Readonly<Record<string, string>>,
  kept: readonly string[],
): Readonly<Record<string, string>> {
  const fields = fieldsOf(type, (field) => field.kind === 'secret');
  // What is there already need not be typed again; an empty text is nobody's secret.
  const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''));
  const asked: Shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, kept.includes(name) ? { ...field, optional: true } : field]),
  );
  const checked = checkValue(asked, given);
  if (checked.ok) return checked.value as Record<string, string>;
  throw badConfig(checked.errors.map(({ path, message }) => ({ path: ['secrets', ...partsOf(path)], message })));
}

/** Throws `plugin-host.host-not-approved` at each field whose host nobody approved. */
export function assertApproved(
  plugin: InstalledPlugin,
  type: ConnectionDescription,
  config: Config,
  approvals: readonly Approval[],
): void {
  const approved = approvals.filter(({ kind }) => kind === 'origin').map(({ value }) => value);
  const fields = originsOf(plugin, type, config)
    .filter(({ origin }) => !approved.includes(origin))
    .map(({ field, origin }) => ({
      path: ['config', field],
      message: `leads to ${origin}, which an administrator has to approve for this connection`,
    }));
  if (fields.length > 0)
    throw new InvalidInputError(
      'plugin-host.host-not-approved',
      'This connection would reach a host that nobody approved yet.',
      { fields },
    );
}

/** Approvals that were there keep who gave them; new ones need the right to give them. Throws `permission.missing`, `scope.needs-all-clients`. */
export function approve(
  scope: TenantScope,
  before: readonly Approval[],
  wanted: z.output<typeof approvalsInput>,
  now: Temporal.Instant,
): readonly Approval[] {
  const known = new Map(before.map((approval) => [`${approval.kind} ${approval.value}`, approval]));
  if (wanted.some(({ kind, value }) => !known.has(`${kind} ${value}`))) {
    requirePermission(scope, 'plugin-host.approve-hosts');
    requireWholeMsp(scope);
  }
  return wanted.map(
    ({ kind, value }) => known.get(`${kind} ${value}`) ?? { kind, value, by: scope.actor.label, at: now.toString() },
  );
}

/**
 * A secret that somebody typed for one host must not be sent to another by somebody who never knew it: where a host changes, the secrets are typed again. Throws
 * `plugin-host.retype-secrets`.
 */
export function assertSameHosts(
  plugin: InstalledPlugin,
  before: { type: ConnectionDescription; config: Config },
  after: { type: ConnectionDescription; config: Config },
  notTyped: readonly string[],
): void {
  const known = originsOf(plugin, before.type, before.config).map(({ origin }) => origin);
  const isElsewhere = originsOf(plugin, after.type, after.config).some(({ origin }) => !known.includes(origin));
  if (!isElsewhere || notTyped.length === 0) return;
  throw new InvalidInputError(
    'plugin-host.retype-secrets',
    'The connection would go to another host. Enter its secrets again, so that they are not sent there unseen.',
    { fields: notTyped.map((name) => ({ path: ['secrets', name], message: 'has to be entered again' })) },
  );
}

/** The origins that stand in a configuration, each with the field that holds it. */
export function originsOf(
  plugin: InstalledPlugin,
  type: ConnectionDescription,
  config: Config,
): { field: string; origin: string }[] {
  return Object.keys(type.config).flatMap((field) => {
    const value = config[field];
    const pattern = `{config.${field}}`;
    if (value === undefined || !plugin.manifest.egress.includes(pattern)) return [];
    return originsToApprove([pattern], { [field]: value }).map((origin) => ({ field, origin }));
  });
}

/** Says which connections seem to be to the same account: signed in as the same at the same hosts, or configured the same for a host of one's own. */
export function twinWarnings(
  plugin: InstalledPlugin,
  type: ConnectionDescription,
  own: { readonly account: string; readonly config: Config },
  others: readonly { readonly name: string; readonly account: string | null; readonly config: Config }[],
): string[] {
  const hosts = (config: Config): string =>
    originsOf(plugin, type, config)
      .map(({ origin }) => origin)
      .join(' ');
  // Where the vendor's host is the same for all, two accounts may well be configured the same; and "admin" of two servers is not one account.
  const isTwin = (other: (typeof others)[number]): boolean =>
    hosts(own.config) === hosts(other.config) && (own.account === other.account || hosts(own.config) !== '');
  return others
    .filter(isTwin)
    .map(
      ({ name }) =>
        `“${name}” seems to be the same account: what both read comes twice. Remove one, if that is not wanted.`,
    );
}

function fieldsOf(type: ConnectionDescription, wanted: (field: Field) => boolean): Shape {
  return Object.fromEntries(Object.entries(type.config).filter(([, field]) => wanted(field)));
}

/** `hosts[2].name` → hosts, 2, name. */
function partsOf(path: string): (string | number)[] {
  return path.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));
}

function badConfig(fields: FieldError[]): InvalidInputError {
  const named = fields.map(({ path, message }) => `${path.slice(1).join('.')} ${message}`).join('; ');
  return new InvalidInputError('plugin-host.bad-config', `The connection is not set up right: ${named}.`, { fields });
}
