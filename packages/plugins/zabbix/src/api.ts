import {
  AuthFailed,
  PermissionMissing,
  type PluginError,
  Transient,
  VendorBug,
  type ConfigOf,
  type Context,
  type HttpOptions,
} from '@bailiwick/sdk';
import type { config } from './config.ts';

/** What every call of this plugin is given. */
export type ZabbixContext = Context<ConfigOf<typeof config>>;

interface Answer<Result> {
  readonly result?: Result;
  readonly error?: { readonly message?: string; readonly data?: string };
}

/** Asks the JSON-RPC API; what fails there is a status 200 with an error in the body. */
export async function call<Result>(
  ctx: ZabbixContext,
  method: string,
  params: unknown,
  options: HttpOptions = { reads: true },
): Promise<Result> {
  const answer = await ctx.http.post<Answer<Result> | null>(
    ctx.config.url,
    { jsonrpc: '2.0', id: 1, method, params },
    options,
  );
  if (answer?.error !== undefined) throw toError(method, `${answer.error.message ?? ''} ${answer.error.data ?? ''}`);
  if (answer?.result === undefined) throw new VendorBug(`The answer to ${method} has neither a result nor an error.`);
  return answer.result;
}

/** What lists are made of: Zabbix writes every value as text. */
export type Row<Key extends string = string> = Readonly<Partial<Record<Key, string>>>;

/** The same for methods that answer a list. */
export async function list<Item = Row>(ctx: ZabbixContext, method: string, params: unknown): Promise<readonly Item[]> {
  const rows = await call<unknown>(ctx, method, params);
  if (!Array.isArray(rows)) throw new VendorBug(`The answer to ${method} is no list.`);
  return rows;
}

function toError(method: string, text: string): PluginError {
  const message = `${method}: ${text.trim()}`;
  if (/not authori[sz]ed|re-?login|token expired|incorrect user name/iu.test(text)) return new AuthFailed(message);
  if (/permission/iu.test(text)) return new PermissionMissing(message, method);
  if (/database|maintenance/iu.test(text)) return new Transient(message);
  return new VendorBug(message);
}

/** Zabbix writes times as seconds since 1970, in text; 0 is none. */
export function instant(clock: string | undefined): string | undefined {
  const seconds = Number(clock ?? 0);
  return seconds > 0 ? Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toString() : undefined;
}

/** A text as a record takes it: one line, not longer than `max`; undefined where nothing is left. */
export function line(text: string | undefined, max: number): string | undefined {
  return text?.replaceAll(/\s+/gu, ' ').trim().slice(0, max).toWellFormed() || undefined;
}

/** Cuts a list into parts, so that no answer and no batch grows with the customer. */
export function* parts<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
