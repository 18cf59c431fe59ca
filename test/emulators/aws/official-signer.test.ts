import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signAws, type AwsCredentials } from '../../../packages/plugin-runtime/src/broker/sigv4.ts';

/** What is signed: a path and a query as they were meant, before anybody encoded them. */
interface Asked {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly second: number;
  readonly credentials: AwsCredentials;
}

const stampOf = (second: number): string =>
  Temporal.Instant.fromEpochMilliseconds(second * 1000)
    .toString({ smallestUnit: 'second' })
    .replaceAll(/[-:]/gu, '');

/** RFC 3986, as AWS asks for it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase() ?? ''}`,
  );

/** By the signer of AWS's own SDK. */
async function official(service: string, asked: Asked): Promise<string | undefined> {
  const { credentials, second } = asked;
  const options = { region: 'eu-west-1', credentials };
  const client = service === 's3' ? new S3Client(options) : new STSClient(options);
  const scheme = { name: 'sigv4', signingName: service, signingRegion: 'eu-west-1', properties: {} };
  const signer = await client.config.signer(scheme);
  const signed = await signer.sign(
    {
      method: asked.method,
      protocol: 'https:',
      hostname: 'vendor.example',
      path: `/${asked.segments.map(encoded).join('/')}`,
      query: { ...asked.query },
      headers: { ...asked.headers, host: 'vendor.example' },
      body: asked.body,
    },
    {
      signingDate: second,
      signingRegion: 'eu-west-1',
      signingService: service,
    },
  );
  client.destroy();
  return signed.headers['authorization'];
}

function ours(service: string, asked: Asked): string | undefined {
  const pairs = Object.entries(asked.query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`);
  const url = new URL(`https://vendor.example/${asked.segments.map(encoded).join('/')}`);
  url.search = pairs.join('&');
  // The official signer names the digest of the body in a header for every service; we do it for S3, which wants it.
  const digest = createHash('sha256').update(asked.body).digest('hex');
  const input = {
    method: asked.method,
    url,
    headers: service === 's3' ? asked.headers : { ...asked.headers, 'x-amz-content-sha256': digest },
    body: asked.body === '' ? null : Buffer.from(asked.body),
    service,
    region: 'eu-west-1',
    stamp: stampOf(asked.second),
  };
  return signAws(input, asked.credentials)['authorization'];
}

// `.` and `..` are taken out of an address before anybody signs it.
const segment = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/^\.{1,2}$/u.test(text));
const name = fc
  .stringMatching(/^x-amz-[a-z][a-z0-9-]{0,12}$/u)
  .filter((text) => !/-(date|security-token|content-sha256)$/u.test(text));
const value = fc.stringMatching(/^[!-~]( {0,3}[!-~]){0,10}$/u);
const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD'),
  segments: fc.array(segment, { maxLength: 4 }),
  query: fc.dictionary(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    {
      maxKeys: 5,
    },
  ),
  headers: fc.dictionary(name, value, { maxKeys: 4 }),
  body: fc.string({ unit: 'grapheme', maxLength: 40 }),
  second: fc.integer({ min: 1_600_000_000, max: 4_000_000_000 }),
  credentials: fc.record(
    {
      accessKeyId: fc.stringMatching(/^AKIA[A-Z0-9]{16}$/u),
      secretAccessKey: fc.stringMatching(/^[A-Za-z0-9/+]{40}$/u),
      sessionToken: fc.base64String({ minLength: 4, maxLength: 60 }),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
});

describe("a request signed by us and by AWS's own signer", () => {
  it.each(['execute-api', 'ec2', 's3'])('has the same signature for %s', async (service) => {
    await fc.assert(
      fc.asyncProperty(asked, async (request) => {
        expect(ours(service, request)).toBe(await official(service, request));
      }),
      { numRuns: 300 },
    );
  });
});
