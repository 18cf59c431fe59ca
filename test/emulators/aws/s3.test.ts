import { gunzipSync } from 'node:zlib';
import {
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEmulator, focusColumns, startAws } from './aws.ts';
import { all, assumeRole, clientOptions } from './test-clients.ts';

const harbour = '210000000002';
const keller = '210000000003';
const webServer = 'i-0a1b2c3d4e5f60718';

let aws: AwsEmulator;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(async () => aws.stop());

describe('S3', () => {
  const s3 = async (region: string, accountId?: string) =>
    new S3Client({
      ...clientOptions(aws, region, accountId === undefined ? undefined : await assumeRole(aws, accountId)),
      forcePathStyle: true,
    });

  it('lists buckets and objects, also by folder and with awkward keys', async () => {
    const client = await s3('eu-central-1', harbour);
    const { Buckets: buckets = [] } = await client.send(new ListBucketsCommand({}));
    expect(buckets.map((bucket) => [bucket.Name, bucket.BucketRegion])).toEqual([
      ['harbour-dental-example-files', 'eu-central-1'],
    ]);
    const Bucket = buckets[0]?.Name ?? '';
    const pages = await all(paginateListObjectsV2({ client }, { Bucket }));
    expect(pages.flatMap((page) => page.Contents ?? []).map((object) => object.Key)).toEqual([
      'a.txt',
      'logs/1.txt',
      'logs/2.txt',
      'z ü+&.txt',
    ]);
    const top = await all(paginateListObjectsV2({ client }, { Bucket, Delimiter: '/' }));
    expect(top.flatMap((page) => page.CommonPrefixes ?? [])).toEqual([{ Prefix: 'logs/' }]);
    const object = await client.send(new GetObjectCommand({ Bucket, Key: 'z ü+&.txt' }));
    expect(await object.Body?.transformToString()).toBe('contents of z ü+&.txt');
  });

  it('reads a range', async () => {
    const client = await s3('eu-central-1', harbour);
    const object = await client.send(
      new GetObjectCommand({ Bucket: 'harbour-dental-example-files', Key: 'a.txt', Range: 'bytes=0-7' }),
    );
    expect([await object.Body?.transformToString(), object.ContentRange]).toEqual(['contents', 'bytes 0-7/17']);
  });

  it('says where a bucket is, and sends those away who ask elsewhere', async () => {
    const client = await s3('us-east-1', harbour);
    const Bucket = 'harbour-dental-example-files';
    expect((await client.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-central-1');
    await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
      name: 'PermanentRedirect',
    });
    await expect(client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
    });
  });

  it('keeps accounts apart, and knows what is not there', async () => {
    const client = await s3('eu-central-1', keller);
    const get = (Bucket: string, Key = 'a.txt') => client.send(new GetObjectCommand({ Bucket, Key }));
    await expect(get('harbour-dental-example-files')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(get('no-such-bucket')).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(get('keller-metallbau-example-files', 'none')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('holds the cost export: the manifest names gzip CSV files with the columns of FOCUS', async () => {
    const client = await s3('us-east-1');
    const { bucket: Bucket, prefix, name } = aws.costExport;
    const pages = await all(paginateListObjectsV2({ client }, { Bucket, Prefix: `${prefix}/${name}/metadata/` }));
    const keys = pages.flatMap((page) => page.Contents ?? []).map((object) => object.Key ?? '');
    expect(keys).toHaveLength(2);
    const read = async (Key: string) =>
      (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray();
    const manifest = JSON.parse(new TextDecoder().decode(await read(keys[0] ?? ''))) as { dataFiles: string[] };
    const files = await Promise.all(manifest.dataFiles.map((file) => read(file.slice(`s3://${Bucket}/`.length))));
    const lines = files.map((file) =>
      gunzipSync(file ?? new Uint8Array())
        .toString()
        .trimEnd()
        .split('\n'),
    );
    expect(lines.map(([header]) => header)).toEqual([focusColumns.join(','), focusColumns.join(',')]);
    expect(lines.flat()).toHaveLength(2 + 2 * 12 + 2 * 2);
    expect(lines.flat().filter((line) => line.includes(webServer) && line.includes(harbour))).toHaveLength(2);
  });
});
