import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningInput {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case; all of them are signed, with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
  readonly service: string;
  readonly region: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly stamp: string;
}

/**
 * The headers of AWS Signature Version 4: `x-amz-date`, `authorization`, with a session `x-amz-security-token`, for S3 `x-amz-content-sha256`.
 * Source: AWS IAM User Guide, "Create a signed AWS API request".
 */
export function signAws(input: SigningInput, credentials: AwsCredentials): Record<string, string> {
  const digest = sha256(input.body ?? new Uint8Array());
  const added: Record<string, string> = { 'x-amz-date': input.stamp };
  if (credentials.sessionToken !== undefined) added['x-amz-security-token'] = credentials.sessionToken;
  if (input.service === 's3') added['x-amz-content-sha256'] = digest;
  const headers: Record<string, string> = { ...input.headers, host: input.url.host, ...added };
  const names = Object.keys(headers).toSorted(byCodePoint);
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`);
  const canonical = [
    input.method,
    canonicalPath(input.url, input.service),
    canonicalQuery(input.url),
    lines.join(''),
    names.join(';'),
    digest,
  ].join('\n');
  const day = input.stamp.slice(0, 8);
  const scope = `${day}/${input.region}/${input.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', input.stamp, scope, sha256(canonical)].join('\n');
  const key = [day, input.region, input.service, 'aws4_request'].reduce<Buffer>(
    (last, part) => hmac(last, part),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...added, authorization };
}

/** Every service but S3 signs the path encoded once more than it is sent. */
function canonicalPath(url: URL, service: string): string {
  const path = service === 's3' ? url.pathname : url.pathname.replace(/\/{2,}/g, '/');
  const segments = path.split('/').map((segment) => {
    const once = encode(decode(segment));
    return service === 's3' ? once : encode(once);
  });
  return segments.join('/');
}

function canonicalQuery(url: URL): string {
  // As it is sent: `+` is a plus here, not a space as URLSearchParams reads it.
  const pairs = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  const encoded = pairs.map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [encode(decode(name)), encode(decode(value))] as const;
  });
  const sorted = encoded.toSorted(([a, x], [b, y]) => byCodePoint(a, b) || byCodePoint(x, y));
  return sorted.map((pair) => pair.join('=')).join('&');
}

function byCodePoint(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
