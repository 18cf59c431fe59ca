import type { ActionPlan, ActionResult, Json } from '@bailiwick/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginBench } from '../support/plugin-bench.ts';
import { type AwsEmulator, startAws } from './aws/aws.ts';

const [northwind, harbour, keller, suspended, withoutRole] = [1, 2, 3, 4, 5].map((index) => `21000000000${index}`) as [
  string,
  string,
  string,
  string,
  string,
];
const web = (account: string): string => `arn:aws:ec2:eu-central-1:${account}:instance/i-0a1b2c3d4e5f60718`;

let aws: AwsEmulator;
let bench: PluginBench;

async function open(more: Record<string, Json> = {}): Promise<PluginBench> {
  const { bucket, region, prefix, name } = aws.costExport;
  const cost = { costBucket: bucket, costRegion: region, costPrefix: prefix, costExport: name };
  return PluginBench.open('aws', {
    connection: 'organization',
    config: { accessKeyId: aws.accessKeyId, address: aws.url, ...cost, ...more },
    secrets: { secretAccessKey: aws.secretAccessKey },
  });
}

beforeEach(async () => {
  aws = await startAws({ settleMs: 0 });
  bench = await open();
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  await aws.stop();
});

/** The calls since then, by operation: `ec2:DescribeInstances`. */
function callsSince(count: number, isWanted = (_operation: string): boolean => true): string[] {
  return aws.requests
    .slice(count)
    .map(({ service, operation }) => `${service}:${operation}`)
    .filter(isWanted);
}

const isWrite = (operation: string): boolean => /Start|Stop|Tags/u.test(operation);

describe('discovery', () => {
  it('lists the accounts of the organisation once each, over several pages', async () => {
    expect(await bench.call({ kind: 'check' })).toMatchObject({
      account: `arn:aws:iam::${northwind}:user/bailiwick`,
      warnings: [],
    });
    const scopes = new Map((await bench.discover()).map((scope) => [scope.id, scope]));
    expect([...scopes.keys()].toSorted()).toEqual([northwind, harbour, keller, suspended, withoutRole]);
    expect(scopes.get(keller)).toEqual({
      id: keller,
      name: 'Keller Metallbau',
      kind: 'account',
      isAccessible: true,
      hints: { tenantId: keller, emails: ['aws@keller-metallbau.example'] },
    });
    expect(scopes.get(suspended)?.isAccessible).toBe(false);
    expect(callsSince(0).filter((call) => call === 'organizations:ListAccounts').length).toBeGreaterThan(3);
  });

  it('says which permission is missing, and that the key is gone', async () => {
    aws.userDeniedActions.add('organizations:ListAccounts');
    await expect(bench.call({ kind: 'check' })).rejects.toMatchObject({
      failure: 'PermissionMissing',
      details: { required: 'organizations:ListAccounts' },
    });
    aws.deleteKey();
    await expect(bench.call({ kind: 'check' })).rejects.toMatchObject({ failure: 'AuthFailed' });
  });
});

describe('streams', () => {
  it.each(['devices', 'resources', 'alarms'])(
    'read %s of two accounts that clash, and write nothing twice',
    async (stream) => {
      for (const account of [harbour, keller])
        expect(await bench.pass(stream, account)).toMatchObject({ end: 'complete', failure: null, refusedCount: 0 });
      const [one, other] = [bench.records(stream, harbour), bench.records(stream, keller)];
      expect(one.size).toBeGreaterThan(0);
      for (const [id, data] of other) expect(JSON.stringify([id, data])).not.toContain(harbour);
      for (const [id, data] of one) expect(JSON.stringify([id, data])).not.toContain(keller);
      const before = aws.requests.length;
      expect(await bench.pass(stream, harbour)).toMatchObject({ end: 'complete', added: 0, changed: 0, deleted: 0 });
      expect(callsSince(before, isWrite)).toEqual([]);
      // One session of the role for each account, and nothing asked with anybody else's.
      const assumed = aws.requests.filter(({ operation }) => operation === 'AssumeRole');
      expect(assumed).toHaveLength(2);
      const asked = aws.requests.filter(({ service }) => service !== 'sts').map(({ accountId }) => accountId);
      expect(new Set(asked)).toEqual(new Set([harbour, keller]));
    },
  );

  it('read all instances, databases and buckets, page by page and region by region', async () => {
    await bench.pass('resources', harbour);
    const found = [...bench.records('resources', harbour).values()];
    const count = (service: string): number => found.filter((one) => one['service'] === service).length;
    expect([count('ec2'), count('rds'), count('s3')]).toEqual([5, 4, 1]);
    expect(bench.records('resources', harbour).get(web(harbour))).toMatchObject({
      name: 'web-01',
      region: 'eu-central-1',
      state: 'running',
      tags: { Name: 'web-01' },
    });
    await bench.pass('devices', harbour);
    expect(bench.records('devices', harbour).get(web(harbour))).toMatchObject({
      name: 'web-01',
      ipAddresses: ['10.0.1.10', '203.0.113.10'],
    });
    expect(bench.records('devices', harbour).size).toBe(5);
  });

  it('delete what was terminated, and nothing else', async () => {
    await bench.pass('devices', harbour);
    const instances = aws.account(harbour).instances;
    instances[0]!.state = 'terminated';
    expect(await bench.pass('devices', harbour)).toMatchObject({ end: 'complete', deleted: 1, changed: 0 });
    expect(bench.records('devices', harbour).has(web(harbour))).toBe(false);
  });

  it('tell when an alarm begins, ends and begins again', async () => {
    await bench.pass('alarms', harbour);
    expect([...bench.records('alarms', harbour).values()]).toMatchObject([
      { title: 'cpu-high', device: web(harbour), state: 'open' },
    ]);
    const alarm = aws.account(harbour).alarms[0]!;
    alarm.state = 'OK';
    expect(await bench.pass('alarms', harbour)).toMatchObject({ deleted: 1, added: 0 });
    alarm.state = 'ALARM';
    alarm.updatedAt = alarm.updatedAt.add({ minutes: 5 });
    expect(await bench.pass('alarms', harbour)).toMatchObject({ deleted: 0, added: 1 });
    expect(bench.records('alarms', keller).size).toBe(0);
  });

  it('go on with a new session where the old one ends half-way', async () => {
    let described = 0;
    bench.exchanged = ({ purpose }) => {
      if (purpose === 'request') described += 1;
      if (described === 3) aws.endSessions();
    };
    expect(await bench.pass('devices', harbour)).toMatchObject({ end: 'complete', added: 5, refusedCount: 0 });
    expect(callsSince(0, (call) => call === 'sts:AssumeRole')).toHaveLength(2);
    expect(aws.requests.some(({ status }) => status === 400)).toBe(true);
  });

  it.each(['ec2', 'rds', 'monitoring', 's3'])('wait where %s has too many calls, or fails', async (service) => {
    aws.throttle(service, 1);
    aws.fail(service, 1);
    const stream = service === 'monitoring' ? 'alarms' : 'resources';
    expect(await bench.pass(stream, harbour)).toMatchObject({ end: 'complete', failure: null });
    expect(aws.requests.filter((one) => one.service === service && one.status >= 400)).toHaveLength(2);
  });

  it('end typed where a role is not there or may not, and go on for others', async () => {
    expect(await bench.pass('devices', withoutRole)).toMatchObject({
      end: 'failed',
      failure: { failure: 'PermissionMissing', details: { required: 'sts:AssumeRole' } },
    });
    aws.account(keller).role?.deniedActions.add('rds:DescribeDBInstances');
    expect(await bench.pass('resources', keller)).toMatchObject({
      end: 'failed',
      deleted: 0,
      failure: { failure: 'PermissionMissing', details: { required: 'rds:DescribeDBInstances' } },
    });
    expect(await bench.pass('devices', keller)).toMatchObject({ end: 'complete' });
    expect(await bench.pass('resources', harbour)).toMatchObject({ end: 'complete' });
  });
});

describe('cost', () => {
  const billed = (account: string): string[] =>
    [...bench.records('costs', account).values()].map(({ billedCost }) => String(billedCost)).toSorted();

  it('is read from the export for every account, to the last digit, once', async () => {
    expect(await bench.pass('costs')).toMatchObject({ end: 'complete', failure: null, refusedCount: 0, changed: 0 });
    // Two months of two days for five instances each, with tax and a credit.
    const month = [...Array.from({ length: 10 }, () => '0.9216'), '13.71', '-12.345678'];
    for (const account of [harbour, keller]) expect(billed(account)).toEqual([...month, ...month].toSorted());
    expect([...bench.records('costs', harbour).values()]).toContainEqual(
      expect.objectContaining({
        billedCost: '-12.345678',
        chargeCategory: 'Credit',
        chargeDescription: 'Promotion "Migration", part 1',
      }),
    );
    const before = aws.requests.length;
    expect(await bench.pass('costs')).toMatchObject({ end: 'complete', added: 0, changed: 0, unchanged: 0 });
    expect(callsSince(before).filter((call) => call === 's3:GetObject')).toHaveLength(2);
  });

  it('keeps its lines where AWS delivers the month again', async () => {
    await bench.pass('costs');
    const before = bench.records('costs', harbour);
    aws.deliverCosts(bench.now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth());
    const again = await bench.pass('costs');
    expect(again).toMatchObject({ end: 'complete', added: 0, changed: 0, deleted: 0 });
    expect(again.unchanged).toBeGreaterThan(0);
    expect(bench.records('costs', harbour)).toEqual(before);
  });

  it.each([
    ['costBucket', 'a-bucket-of-nobody'],
    ['costRegion', 'eu-west-1'],
  ])('says at the field %s that it is wrong', async (field, value) => {
    await bench[Symbol.asyncDispose]();
    bench = await open({ [field]: value });
    expect(await bench.pass('costs')).toMatchObject({
      end: 'failed',
      failure: { failure: 'ConfigInvalid', details: { path: field } },
    });
  });

  it('reads nothing of a file that is broken', async () => {
    const bucket = aws.account(northwind).buckets[0]!;
    const [key = '', object] = [...bucket.objects].find(([name]) => name.endsWith('.csv.gz')) ?? [];
    bucket.objects.set(key, { ...object!, body: object!.body.slice(0, 100) });
    expect(await bench.pass('costs')).toMatchObject({ end: 'failed', added: 0, failure: { failure: 'VendorBug' } });
  });
});

describe('actions', () => {
  async function plan(name: string, input: Record<string, string>, account = harbour): Promise<ActionPlan> {
    return bench.call({ kind: 'plan', name, input }, account);
  }
  async function apply(name: string, input: Record<string, string>): Promise<ActionResult> {
    const run = { idempotencyKey: 'k', plan: await plan(name, input), actor: 'ada' };
    return bench.call({ kind: 'apply', name, input, run }, harbour);
  }
  const verify = async (name: string, input: Record<string, string>) =>
    bench.call({ kind: 'verify', name, input }, harbour);
  const instanceOf = (account: string) => aws.account(account).instances[0]!;

  it.each([
    ['stop', {}],
    ['tag', { key: 'Owner', value: 'Operations' }],
  ])('%s is planned without writing, the same each time', async (name, input) => {
    const given = { target: web(harbour), ...input };
    const before = aws.requests.length;
    const [one, two] = [await plan(name, given), await plan(name, given)];
    expect(one).toEqual(two);
    expect(one).toMatchObject({ affected: [{ entity: 'device', id: web(harbour) }], isReversible: true });
    expect(one.changes).toHaveLength(1);
    expect(callsSince(before, isWrite)).toEqual([]);
  });

  it('stops, starts, and does nothing where nothing is to be done', async () => {
    const target = { target: web(harbour) };
    await apply('stop', target);
    expect(await verify('stop', target)).toEqual({ holds: true });
    expect([instanceOf(harbour).state, instanceOf(keller).state]).toEqual(['stopped', 'running']);
    expect((await plan('stop', target)).changes).toEqual([]);
    const before = aws.requests.length;
    await apply('stop', target);
    expect(callsSince(before, isWrite)).toEqual([]);
    await apply('start', target);
    expect(await verify('start', target)).toEqual({ holds: true });
    await bench.call({ kind: 'undo', name: 'start', input: target, result: { summary: '' } }, harbour);
    expect(await verify('stop', target)).toEqual({ holds: true });
  });

  it('tags, and takes a tag back: to what was there before, or away', async () => {
    const fresh = { target: web(harbour), key: 'Owner', value: 'Zoë & <Ops> + 100 %' };
    const result = await apply('tag', fresh);
    expect(instanceOf(harbour).tags.get('Owner')).toBe(fresh.value);
    expect(await verify('tag', fresh)).toEqual({ holds: true });
    await bench.call({ kind: 'undo', name: 'tag', input: fresh, result }, harbour);
    expect(instanceOf(harbour).tags.has('Owner')).toBe(false);
    const known = { target: web(harbour), key: 'Name', value: 'web-02' };
    await bench.call({ kind: 'undo', name: 'tag', input: known, result: await apply('tag', known) }, harbour);
    expect(instanceOf(harbour).tags.get('Name')).toBe('web-01');
    expect(instanceOf(keller).tags.size).toBe(1);
  });

  it('refuses what belongs to another account, is gone, or may not be done', async () => {
    await expect(plan('stop', { target: web(keller) })).rejects.toMatchObject({ failure: 'PermissionMissing' });
    await expect(plan('stop', { target: 'i-0a1b2c3d4e5f60718' })).rejects.toMatchObject({ failure: 'NotSupported' });
    const gone = web(harbour).replace('60718', '60700');
    await expect(plan('stop', { target: gone })).rejects.toMatchObject({
      failure: 'NotSupported',
      message: expect.stringContaining('does not exist') as string,
    });
    aws.account(harbour).role?.deniedActions.add('ec2:StopInstances');
    await expect(apply('stop', { target: web(harbour) })).rejects.toMatchObject({ failure: 'PermissionMissing' });
    expect(instanceOf(harbour).state).toBe('running');
  });
});

it('every request is signed in the host, and no key is in what is written down', async () => {
  await bench.pass('resources', harbour);
  for (const { request, purpose } of bench.exchanges) {
    expect(request.headers['authorization']).toBe('AWS4-HMAC-SHA256 [secret]');
    if (purpose === 'request') expect(request.headers['x-amz-security-token']).toBe('[secret]');
  }
  expect(bench.exchanges.length).toBeGreaterThan(10);
  expect(JSON.stringify(bench.exchanges)).not.toContain(aws.secretAccessKey);
});
