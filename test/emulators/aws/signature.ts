import { createHash, createHmac } from 'node:crypto';
import { AwsError, faultOf, type Protocol, type SignatureFault } from './errors.ts';
import type { AccessKey, AccessKeys } from './access-keys.ts';

/** A request as it came over the wire. */
export interface SignedRequest {
  readonly method: string;
  /** Not decoded, without the query. */
  readonly path: string;
  /** Not decoded, without `?`. */
  readonly query: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The credential scope that a request names. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const algorithm = 'AWS4-HMAC-SHA256';
/** A request may be this old, or this far ahead ("Elements of an AWS API request signature"). */
const allowedSkewMinutes = 15;

function sha256(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

function hmac(key: string | Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest();
}

/** Reads the Authorization header; undefined where there is none of Signature Version 4, null where it is not whole. */
export function readScope(headers: Headers): CredentialScope | null | undefined {
  const header = headers.get('authorization');
  if (header === null || !header.startsWith(`${algorithm} `)) return undefined;
  const parts = new Map(
    header
      .slice(algorithm.length)
      .split(',')
      .map((part) => part.trim())
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const),
  );
  const match = /^(\w{16,128})\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request$/u.exec(
    parts.get('Credential') ?? '',
  );
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';');
  const signature = parts.get('Signature') ?? '';
  if (match === null || signedHeaders[0] === '' || !/^[0-9a-f]{64}$/u.test(signature)) return null;
  const [, accessKeyId = '', date = '', region = '', service = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders, signature };
}

/** RFC 3986: everything but letters, digits and `-._~` as %XX with capitals. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function byCodePoint([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part): [string, string] => {
      const at = part.indexOf('=');
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      return [encoded(decoded(name)), encoded(decoded(value))];
    })
    .toSorted((a, b) => byCodePoint(a, b) || byCodePoint([a[1], ''], [b[1], '']))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** S3 takes the path as it was sent; every other service encodes each segment once more. */
function canonicalPath(path: string, service: string): string {
  return service === 's3' ? path : path.split('/').map(encoded).join('/');
}

function canonicalRequest(request: SignedRequest, scope: CredentialScope, payloadHash: string): string {
  const headers = scope.signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? '').trim().replaceAll(/ +/gu, ' ')}\n`,
  );
  return [
    request.method,
    canonicalPath(request.path, scope.service),
    canonicalQuery(request.query),
    headers.join(''),
    scope.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function signatureOf(canonical: string, amzDate: string, scope: CredentialScope, secret: string): string {
  const credentialScope = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = [algorithm, amzDate, credentialScope, sha256(canonical)].join('\n');
  const key = [scope.date, scope.region, scope.service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

/** Checks a request as AWS does ("Create a signed AWS API request"); whose key it is, or an error in the words of the protocol. */
export class SignatureVerifier {
  readonly #keys: AccessKeys;
  readonly #now: () => Temporal.Instant;

  constructor(keys: AccessKeys, now: () => Temporal.Instant) {
    this.#keys = keys;
    this.#now = now;
  }

  verify(request: SignedRequest, scope: CredentialScope, protocol: Protocol): AccessKey {
    const refuse = (fault: SignatureFault, message: string) => faultOf(protocol, fault, message);
    const payloadHash = this.#payloadHash(request, protocol);
    const amzDate = this.#checkHeaders(request, scope, protocol);

    const key = this.#keys.find(scope.accessKeyId);
    if (key === undefined) throw refuse('unknownKey', 'The security token included in the request is invalid.');
    const token = request.headers.get('x-amz-security-token') ?? undefined;
    if (token !== key.sessionToken)
      throw refuse('wrongToken', 'The security token included in the request is invalid.');

    const canonical = canonicalRequest(request, scope, payloadHash);
    if (signatureOf(canonical, amzDate, scope, key.secretAccessKey) !== scope.signature) {
      throw refuse(
        'mismatch',
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
    }
    this.#checkAge(amzDate, protocol);
    if (key.expiresAt !== undefined && Temporal.Instant.compare(this.#now(), key.expiresAt) >= 0) {
      throw refuse('expiredToken', 'The security token included in the request is expired');
    }
    return key;
  }

  /** The hash that the signature covers; a body that is not what was signed is refused. */
  #payloadHash(request: SignedRequest, protocol: Protocol): string {
    const actual = sha256(request.body);
    const stated = request.headers.get('x-amz-content-sha256');
    if (protocol !== 's3') return actual;
    if (stated === null) {
      throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
    }
    if (stated !== actual && stated !== 'UNSIGNED-PAYLOAD') {
      const message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
      throw new AwsError('XAmzContentSHA256Mismatch', message);
    }
    return stated;
  }

  #checkHeaders(request: SignedRequest, scope: CredentialScope, protocol: Protocol): string {
    const signed = new Set(scope.signedHeaders);
    const amzDate = request.headers.get('x-amz-date') ?? '';
    if (!/^\d{8}T\d{6}Z$/u.test(amzDate)) {
      throw faultOf(
        protocol,
        'incomplete',
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
      );
    }
    if (!signed.has('host')) {
      throw faultOf(protocol, 'mismatch', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    const sorted = scope.signedHeaders.toSorted((a, b) => byCodePoint([a, ''], [b, '']));
    const unsigned = [...request.headers.keys()].filter((name) => name.startsWith('x-amz-') && !signed.has(name));
    if (unsigned.length > 0 || sorted.join(';') !== scope.signedHeaders.join(';')) {
      throw faultOf(
        protocol,
        protocol === 's3' ? 'denied' : 'mismatch',
        `There were headers present in the request which were not signed: ${unsigned.join(', ')}`,
      );
    }
    if (!amzDate.startsWith(scope.date)) {
      const message = `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${amzDate.slice(0, 8)}'`;
      throw faultOf(protocol, 'mismatch', message);
    }
    return amzDate;
  }

  #checkAge(amzDate: string, protocol: Protocol): void {
    const signedAt = Temporal.Instant.from(
      amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'),
    );
    const age = Math.abs(signedAt.until(this.#now()).total('minutes'));
    if (age > allowedSkewMinutes) {
      const now = this.#now().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/gu, '');
      throw faultOf(protocol, 'skewed', `Signature expired: ${amzDate} is now earlier than ${now} (${now} - 15 min.)`);
    }
  }
}
