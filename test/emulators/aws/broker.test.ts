import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Egress } from '../../../packages/plugin-runtime/src/egress/egress.ts';
import { MemoryCredentialStore } from '../../../packages/plugin-runtime/src/broker/credential-store.ts';
import { HttpBroker } from '../../../packages/plugin-runtime/src/broker/http-broker.ts';
import type { Exchange } from '../../../packages/plugin-runtime/src/broker/exchange.ts';
import { type AwsEmulator, startAws } from './aws.ts';

const never = new AbortController().signal;
let aws: AwsEmulator;
let exchanges: Exchange[];

beforeEach(async () => {
  aws = await startAws();
  exchanges = [];
});
afterEach(async () => aws.stop());

/** A broker of an AWS connection whose network is the emulator. */
function startBroker(): HttpBroker {
  const policy = { hosts: [], origins: [new URL(aws.url).origin], networks: ['127.0.0.0/8', '::1'] };
  const type = {
    name: 'account',
    label: 'AWS',
    config: {},
    baseUrl: '{config.endpoint}/',
    limits: [],
    headers: {},
    discoversScopes: true,
    options: [],
    auth: {
      kind: 'aws-sigv4',
      accessKeyId: '{config.accessKeyId}',
      secretAccessKey: '{secret.secretAccessKey}',
      assumeRole: {
        roleArn: 'arn:aws:iam::{scope.id}:role/Bailiwick',
        externalId: 'bailiwick-{scope.id}',
        stsUrl: '{config.endpoint}/',
        region: 'eu-central-1',
      },
    },
  } as const;
  const connection = {
    id: 'aws',
    type,
    config: { endpoint: aws.url, accessKeyId: aws.accessKeyId },
    secrets: { secretAccessKey: aws.secretAccessKey },
    policy,
  };
  const record = (exchange: Exchange): void => void exchanges.push(exchange);
  return new HttpBroker({ connection, transport: new Egress({ policy }), store: new MemoryCredentialStore(), record });
}

function whoAmI(broker: HttpBroker, account: string | null) {
  const scope = account === null ? null : { id: account, name: account, kind: 'account' };
  return broker.bind({ scope }).http(
    {
      url: '',
      options: {
        method: 'POST',
        reads: true,
        aws: { service: 'sts', region: 'eu-central-1' },
        contentType: 'application/x-www-form-urlencoded; charset=utf-8',
        body: { text: 'Action=GetCallerIdentity&Version=2011-06-15' },
      },
    },
    never,
  );
}

describe('the broker against AWS', () => {
  it('speaks for the account itself, and with the role of each scope', async () => {
    const broker = startBroker();
    const account = aws.accounts.find((other) => !other.isManagement)?.id ?? '';
    expect(JSON.stringify(await whoAmI(broker, null))).toContain('user/bailiwick');
    expect(JSON.stringify(await whoAmI(broker, account))).toContain(`::${account}:assumed-role/Bailiwick`);
    await whoAmI(broker, account);
    expect(exchanges.filter(({ purpose }) => purpose === 'credential')).toHaveLength(1);
    const told = JSON.stringify(exchanges);
    expect(told).toContain('<SecretAccessKey>[secret]</SecretAccessKey>');
    expect(told).not.toContain(aws.secretAccessKey);
    broker.close();
  });

  it('says AuthFailed where the key was deleted', async () => {
    const broker = startBroker();
    aws.deleteKey();
    await expect(whoAmI(broker, null)).rejects.toMatchObject({ name: 'AuthFailed' });
    broker.close();
  });

  it('waits where AWS has too many calls', async () => {
    const broker = startBroker();
    aws.throttle('sts', 1);
    await expect(whoAmI(broker, null)).resolves.toMatchObject({ status: 200 });
    expect(exchanges).toHaveLength(2);
    broker.close();
  });
});
