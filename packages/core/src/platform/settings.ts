import { z } from 'zod';

const optionalUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional();
const port = z.coerce
  .number({ error: 'must be a number' })
  .int({ error: 'must be a whole number' })
  .min(0)
  .max(65_535, { error: 'must be at most 65535' });

const schema = z.object({
  PORT: port.default(3000),
  BAILIWICK_HOST: z.string().default('127.0.0.1'),
  BAILIWICK_DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: optionalUrl,
  DATABASE_OWNER_URL: optionalUrl,
  DATABASE_AUTH_URL: optionalUrl,
  DATABASE_DIRECT_URL: optionalUrl,
  DATABASE_PREPARED: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  BAILIWICK_ROLE: z.enum(['all', 'api', 'worker'], { error: 'must be all, api or worker' }).default('all'),
  BAILIWICK_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  BAILIWICK_SECRET_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: 'must be 32 random bytes in base64 (openssl rand -base64 32)' })
    .optional(),
  BAILIWICK_SECRET_KEY_PREVIOUS: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: 'must be the secret key before this one, in base64' })
    .optional(),
  /** Whether the server's own machine is put under management. */
  BAILIWICK_LOCAL_AGENT: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  BAILIWICK_TRUSTED_PROXIES: z.string().default(''),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
  SMTP_FROM: z.string().max(200).optional(),
  /** Where a relay hands us mail; off where absent. */
  SMTP_LISTEN_PORT: port.optional(),
  SMTP_LISTEN_HOST: z.string().default('127.0.0.1'),
  /** Addresses and networks that may hand us mail. */
  SMTP_LISTEN_RELAYS: z.string().default('127.0.0.1,::1'),
  /** Files in PEM; with both STARTTLS is offered. */
  SMTP_LISTEN_CERT: z.string().optional(),
  SMTP_LISTEN_KEY: z.string().optional(),
  /** Hosts and networks that mailboxes may be read from although they are private. */
  MAIL_PRIVATE_HOSTS: z.string().default(''),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('warn'),
});

/** The settings of a process, all from its environment, all checked. */
export type Settings = Readonly<z.output<typeof schema>>;

/** Everything that is wrong with an environment, in one error, one line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Reads the settings. Throws one `SettingsError` that lists every bad one; empty values count as unset. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  const problems = result.success
    ? together(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (problems.length > 0)
    throw new SettingsError(`These settings are not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  return result.data as Settings;
}

function together(settings: Settings): string[] {
  const problems: string[] = [];
  if (settings.DATABASE_URL !== undefined && settings.DATABASE_OWNER_URL === undefined)
    problems.push(
      'DATABASE_OWNER_URL must be set with DATABASE_URL: migrations run as the owner, the application never does',
    );
  if (settings.DATABASE_URL !== undefined && settings.DATABASE_AUTH_URL === undefined)
    problems.push('DATABASE_AUTH_URL must be set with DATABASE_URL: sign-in has a database role of its own');
  if ((settings.SMTP_LISTEN_CERT === undefined) !== (settings.SMTP_LISTEN_KEY === undefined))
    problems.push('SMTP_LISTEN_CERT and SMTP_LISTEN_KEY must be set together: one is of no use without the other');
  if (settings.SMTP_URL !== undefined && settings.SMTP_FROM === undefined)
    problems.push('SMTP_FROM must be set with SMTP_URL: it is the sender of what we mail');
  return problems;
}

/** The addresses and networks whose `X-Forwarded-For` counts. */
export function trustedProxies(settings: Settings): string[] {
  return listOf(settings.BAILIWICK_TRUSTED_PROXIES);
}

/** The entries of a setting that is a list with commas. */
export function listOf(setting: string): string[] {
  return setting
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
