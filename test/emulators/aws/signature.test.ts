import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsEmulator, startAws } from './aws.ts';
import { assumeRole, clientOptions, type Credentials } from './test-clients.ts';

/** What a request looks like after it was signed. */
interface WireRequest {
  hostname: string;
  port?: number;
  protocol: string;
  method: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}

let now: Temporal.Instant;
let aws: AwsEmulator;

beforeEach(async () => {
  now = Temporal.Now.instant();
  aws = await startAws({ now: () => now });
});
afterEach(async () => aws.stop());

function user(): Credentials {
  return { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey };
}

function options(credentials: Credentials, aheadMinutes = 0) {
  return {
    ...clientOptions(aws, 'us-east-1', credentials),
    systemClockOffset: aheadMinutes * 60_000,
    forcePathStyle: true,
  };
}

/** One harmless call of each service; `tamper` changes the request between the signature and the wire. */
function ask(
  service: string,
  credentials: Credentials,
  how: { aheadMinutes?: number; tamper?: (request: WireRequest) => void } = {},
) {
  const config = options(credentials, how.aheadMinutes);
  const change = <T extends { middlewareStack: { add: (...args: never[]) => void } }>(client: T): T => {
    const middleware = (next: (args: unknown) => unknown) => (args: { request: WireRequest }) => {
      how.tamper?.(args.request);
      return next(args);
    };
    client.middlewareStack.add(middleware as never, { step: 'deserialize', priority: 'low', name: 'tamper' } as never);
    return client;
  };
  switch (service) {
    case 'ec2':
      return change(new EC2Client(config)).send(new DescribeRegionsCommand({}));
    case 's3':
      return change(new S3Client(config)).send(new ListBucketsCommand({}));
    case 'sts':
      return change(new STSClient(config)).send(new GetCallerIdentityCommand({}));
    case 'organizations':
      return change(new OrganizationsClient(config)).send(new ListAccountsCommand({}));
    default:
      return change(new CloudWatchClient(config)).send(new DescribeAlarmsCommand({}));
  }
}

async function session(): Promise<Credentials> {
  const { expiration: _ends, ...made } = await assumeRole(aws, aws.managementAccountId, { DurationSeconds: 900 });
  return made;
}

describe.each([
  [
    'ec2',
    {
      mismatch: 'SignatureDoesNotMatch',
      unknown: 'AuthFailure',
      skewed: 'RequestExpired',
      expired: 'RequestExpired',
      token: 'AuthFailure',
    },
  ],
  [
    'sts',
    {
      mismatch: 'SignatureDoesNotMatch',
      unknown: 'InvalidClientTokenId',
      skewed: 'SignatureDoesNotMatch',
      expired: 'ExpiredToken',
      token: 'InvalidClientTokenId',
    },
  ],
  [
    's3',
    {
      mismatch: 'SignatureDoesNotMatch',
      unknown: 'InvalidAccessKeyId',
      skewed: 'RequestTimeTooSkewed',
      expired: 'ExpiredToken',
      token: 'InvalidToken',
    },
  ],
  [
    'organizations',
    {
      mismatch: 'InvalidSignatureException',
      unknown: 'UnrecognizedClientException',
      skewed: 'InvalidSignatureException',
      expired: 'ExpiredTokenException',
      token: 'UnrecognizedClientException',
    },
  ],
  [
    'monitoring',
    {
      mismatch: /InvalidSignature/u,
      unknown: /UnrecognizedClient/u,
      skewed: /InvalidSignature/u,
      expired: /ExpiredToken/u,
      token: /UnrecognizedClient/u,
    },
  ],
] as const)('the signature of a request to %s', (service, codes) => {
  const named = (name: string | RegExp) => ({
    name: typeof name === 'string' ? name : (expect.stringMatching(name) as string),
  });

  it('must be made with the secret of a key that is there', async () => {
    await expect(ask(service, { ...user(), secretAccessKey: 'wrong' })).rejects.toMatchObject(named(codes.mismatch));
    await expect(ask(service, { ...user(), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' })).rejects.toMatchObject(
      named(codes.unknown),
    );
    const before = user();
    await expect(ask(service, before)).resolves.toBeDefined();
    aws.deleteKey();
    await expect(ask(service, before)).rejects.toMatchObject(named(codes.unknown));
  });

  it('must be of the last, or the next, 15 minutes', async () => {
    await expect(ask(service, user(), { aheadMinutes: -14 })).resolves.toBeDefined();
    await expect(ask(service, user(), { aheadMinutes: -16 })).rejects.toMatchObject(named(codes.skewed));
    await expect(ask(service, user(), { aheadMinutes: 16 })).rejects.toMatchObject(named(codes.skewed));
  });

  it('must come with the token of its session, while that lasts', async () => {
    const made = await session();
    await expect(ask(service, made)).resolves.toBeDefined();
    await expect(ask(service, { ...made, sessionToken: (await session()).sessionToken ?? '' })).rejects.toMatchObject(
      named(codes.token),
    );
    const { sessionToken: _left, ...withoutToken } = made;
    await expect(ask(service, withoutToken)).rejects.toMatchObject(named(codes.token));
    now = now.add({ minutes: 15 });
    await expect(ask(service, made, { aheadMinutes: 15 })).rejects.toMatchObject(named(codes.expired));
    await expect(ask(service, user(), { aheadMinutes: 15 })).resolves.toBeDefined();
  });

  it('covers the path, the query, the signed headers and the body', async () => {
    const changes: readonly ((request: WireRequest) => void)[] = [
      (request) => (request.path = '/other'),
      (request) => (request.query = { other: '1' }),
      (request) =>
        (request.headers['x-amz-date'] =
          request.headers['x-amz-date']?.replace(/.Z$/u, (end) => (end === '0Z' ? '1Z' : '0Z')) ?? ''),
      (request) => {
        if (service === 's3') request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
        else {
          request.body = `${String(request.body)} `;
          request.headers['content-length'] = String(Buffer.byteLength(String(request.body)));
        }
      },
    ];
    for (const tamper of changes) {
      await expect(ask(service, user(), { tamper })).rejects.toMatchObject(named(codes.mismatch));
    }
  });

  it('must cover every x-amz header', async () => {
    const tamper = (request: WireRequest) => (request.headers['x-amz-extra'] = '1');
    await expect(ask(service, user(), { tamper })).rejects.toMatchObject(
      named(service === 's3' ? 'AccessDenied' : codes.mismatch),
    );
  });
});

describe('a request without a signature', () => {
  it.each([
    ['none', {}, '<Code>AccessDenied</Code>'],
    ['another kind', { authorization: 'Bearer abc' }, '<Code>AccessDenied</Code>'],
    ['half of one', { authorization: 'AWS4-HMAC-SHA256 Credential=a/b' }, '<Code>AuthorizationHeaderMalformed</Code>'],
  ])('is refused: %s', async (_what, headers, code) => {
    const answer = await fetch(`${aws.url}/`, { headers: headers as Record<string, string> });
    expect(await answer.text()).toContain(code);
    expect(answer.ok).toBe(false);
    expect(aws.requests.at(-1)?.accountId).toBe('');
  });
});

describe("Amazon's own host names", () => {
  /** Sends what is meant for Amazon to the emulator, the host as it was signed. */
  function redirected<T extends { config: { requestHandler: unknown } }>(client: T): T {
    const inner = client.config.requestHandler as {
      handle: (request: WireRequest, options?: unknown) => Promise<unknown>;
    };
    const port = Number(new URL(aws.url).port);
    client.config.requestHandler = {
      handle: (request: WireRequest, sending?: unknown) =>
        inner.handle(Object.assign(request, { hostname: '127.0.0.1', port, protocol: 'http:' }), sending),
    };
    return client;
  }

  it('say the service, the region and the bucket', async () => {
    const { endpoint: _endpoint, forcePathStyle: _style, ...config } = options(user());
    await redirected(new EC2Client(config)).send(new DescribeInstancesCommand({}));
    const manifests = aws.accounts[0]?.buckets[0]?.objects.keys().find((key) => key.endsWith('Manifest.json'));
    const object = await redirected(new S3Client(config)).send(
      new GetObjectCommand({ Bucket: aws.costExport.bucket, Key: manifests ?? '' }),
    );
    expect(await object.Body?.transformToString()).toContain('dataFiles');
    expect(aws.requests.map(({ service, operation }) => `${service} ${operation}`)).toEqual([
      'ec2 DescribeInstances',
      's3 GetObject',
    ]);
  });

  it('must agree with the credential scope', async () => {
    const tamper = (request: WireRequest) => (request.headers['host'] = 'rds.us-east-1.amazonaws.com');
    await expect(ask('ec2', user(), { tamper })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringContaining("correct service: 'rds'") as string,
    });
  });
});
