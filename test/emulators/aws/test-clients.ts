import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsEmulator } from './aws.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What each official client is given: the emulator, a region, and credentials (the user's where there are none). Nothing is tried again. */
export function clientOptions(aws: AwsEmulator, region: string, credentials?: Credentials) {
  return {
    endpoint: aws.url,
    region,
    credentials: credentials ?? { accessKeyId: aws.accessKeyId, secretAccessKey: aws.secretAccessKey },
    maxAttempts: 1,
  };
}

/** Credentials of the MSP's role in an account. */
export async function assumeRole(
  aws: AwsEmulator,
  accountId: string,
  overrides: { ExternalId?: string; DurationSeconds?: number } = {},
) {
  const { Credentials: made } = await new STSClient(clientOptions(aws, 'eu-central-1')).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/Bailiwick`,
      RoleSessionName: 'bailiwick',
      ExternalId: `bailiwick-${accountId}`,
      ...overrides,
    }),
  );
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = made ?? {};
  return { accessKeyId, secretAccessKey, sessionToken, expiration: made?.Expiration };
}

/** Every page. */
export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(page);
  return found;
}
