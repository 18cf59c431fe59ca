import { ConfigInvalid, NotSupported, type HttpOptions } from '@bailiwick/sdk';
import { checkUrl } from '../egress/policy.ts';
import type { BrokeredRequest } from '../invocation.ts';
import type { BrokerConnection, CallBinding } from './broker-types.ts';
import { schemeOf } from './credentials.ts';
import { pluginHeaders, setQuery, type Outgoing } from './outgoing.ts';
import { fillHeader, fillUrl, isSecret, type Values } from './template.ts';

/** A request of a plugin, checked, before the credential is in. It is the start of every attempt. */
export interface Prepared {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of the connection type that have a secret in them. */
  readonly credentialHeaders: readonly string[];
  readonly body: Uint8Array | null;
  readonly hasCredential: boolean;
  readonly isReading: boolean;
  readonly isIdempotent: boolean;
  /** Not even sent again where the vendor refused it. */
  readonly isSentOnce: boolean;
  /** For all attempts together. */
  readonly timeoutMs: number;
  readonly accept: readonly number[];
  readonly aws: HttpOptions['aws'];
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const MAX_TIMEOUT_SECONDS = 120;
const DEFAULT_TIMEOUT_SECONDS = 30;

/**
 * Checks what a plugin wants to send.
 *
 * @throws EgressRefused, NotSupported where a plugin may not, ConfigInvalid where a template cannot be filled
 */
export function prepareRequest(
  connection: BrokerConnection,
  values: Values,
  request: BrokeredRequest,
  call: Pick<CallBinding, 'readOnly' | 'writesOnce'>,
): Prepared {
  const { options } = request;
  const method = options.method ?? 'GET';
  if (!methods.has(method)) throw new NotSupported(`The method ${JSON.stringify(method)} is not spoken.`);
  const isReading = method === 'GET' || method === 'HEAD' || (method === 'POST' && options.reads === true);
  if (call.readOnly === true && !isReading)
    throw new NotSupported(`While planning, ${method} may not be sent: it could change things.`);
  const hasCredential = options.auth !== 'none';
  const body = bodyOf(options);
  if (body !== null && (method === 'GET' || method === 'HEAD'))
    throw new NotSupported(`A ${method} request has no body.`);
  const { headers, credentialHeaders } = headersOf(connection, values, options, hasCredential);
  // A signature is good for this one request: it may go to any declared host.
  const isSigned = hasCredential && schemeOf(connection).kind === 'aws-sigv4';
  if (isSigned && options.aws === undefined)
    throw new NotSupported('A request to AWS has to say which service and region it is for.');
  const isSentOnce = !isReading && call.writesOnce === true;
  return {
    method,
    url: addressOf(connection, values, request, hasCredential && !isSigned),
    headers,
    credentialHeaders,
    body,
    hasCredential,
    isReading,
    // PUT and DELETE are: twice is once (RFC 9110 §9.2.2).
    isIdempotent: isReading || (!isSentOnce && (method === 'PUT' || method === 'DELETE')),
    isSentOnce,
    timeoutMs: Math.min(MAX_TIMEOUT_SECONDS, Math.max(1, options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS)) * 1000,
    accept: options.accept ?? [],
    aws: options.aws,
  };
}

/** The start of one attempt. */
export function startAttempt(prepared: Prepared): Outgoing {
  return {
    method: prepared.method,
    url: new URL(prepared.url),
    headers: { ...prepared.headers },
    body: prepared.body,
    credentialHeaders: new Set(prepared.credentialHeaders),
    isCredentialInBody: false,
  };
}

function addressOf(connection: BrokerConnection, values: Values, request: BrokeredRequest, isCarrying: boolean): URL {
  const base = URL.parse(fillUrl(connection.type.baseUrl, values));
  if (base === null) throw new ConfigInvalid(baseField(connection), 'The address of the connection is not valid.');
  const resolved = URL.parse(request.url, base);
  const url = checkUrl(connection.policy, resolved?.href ?? request.url);
  for (const [name, value] of Object.entries(request.options.query ?? {}))
    if (value !== undefined) setQuery(url, name, String(value));
  url.hash = '';
  const { origins } = connection.policy;
  // The credential of a customer's own server is nothing for the hosts that the plugin's author declared.
  if (isCarrying && url.origin !== base.origin && origins.includes(base.origin) && !origins.includes(url.origin))
    throw new NotSupported(`The credential of ${base.host} is not sent to ${url.host}: ask with auth "none".`);
  return url;
}

function baseField(connection: BrokerConnection): string {
  return /\{(?:config|secret)\.([A-Za-z0-9_]+)\}/.exec(connection.type.baseUrl)?.[1] ?? 'url';
}

function headersOf(
  connection: BrokerConnection,
  values: Values,
  options: BrokeredRequest['options'],
  hasCredential: boolean,
): Pick<Prepared, 'headers' | 'credentialHeaders'> {
  const declared = Object.entries(connection.type.headers);
  const secret = declared.filter(([, template]) => isSecret(template));
  const open = declared.filter(([, template]) => !isSecret(template));
  const filled = (entries: typeof declared): Record<string, string> =>
    Object.fromEntries(entries.map(([name, template]) => [name.toLowerCase(), fillHeader(template, values)]));
  const type = options.contentType === undefined ? {} : { 'content-type': options.contentType };
  const own = pluginHeaders({ ...type, ...options.headers }, !hasCredential);
  return {
    headers: {
      accept: 'application/json, */*;q=0.5',
      'user-agent': 'Bailiwick',
      ...filled(open),
      ...own,
      ...(hasCredential ? filled(secret) : {}),
    },
    credentialHeaders: secret.map(([name]) => name.toLowerCase()),
  };
}

function bodyOf(options: BrokeredRequest['options']): Uint8Array | null {
  if (options.body === undefined) return null;
  return 'text' in options.body ? Buffer.from(options.body.text) : Buffer.from(options.body.base64, 'base64');
}
