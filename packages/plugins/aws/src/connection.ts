import { defineConnection, paginate, VendorBug, type DiscoveredScope } from '@bailiwick/sdk';
import { callJson, homeRegion, line, query, type AwsContext } from './api.ts';
import { config } from './config.ts';
import { textOf } from './xml.ts';

/** An AWS organisation, read with a user of its management account and a role in each of its accounts. */
export const organization = defineConnection({
  name: 'organization',
  label: 'AWS organisation',
  help: 'In the management account make a user that may list the accounts, assume the role in each account and read the cost export; in each account the role. The policies stand in the README.',
  config,
  baseUrl: '{config.address}',
  auth: {
    kind: 'aws-sigv4',
    accessKeyId: '{config.accessKeyId}',
    secretAccessKey: '{secret.secretAccessKey}',
    assumeRole: {
      roleArn: 'arn:aws:iam::{scope.id}:role/{config.roleName}',
      externalId: '{config.externalId}-{scope.id}',
      stsUrl: '{config.address}',
      region: homeRegion,
    },
  },
  // EC2 allows 20 describing and 5 changing calls a second in a region; the other services more.
  limits: [{ per: 'scope', requests: 1200, seconds: 60, concurrency: 2 }],
  async check(ctx) {
    const identity = await query(ctx, 'sts', homeRegion, { Action: 'GetCallerIdentity' });
    const arn = textOf(identity, 'GetCallerIdentityResult', 'Arn');
    if (arn === undefined) throw new VendorBug('AWS does not say who is signed in.');
    await listAccounts(ctx, undefined);
    const hasCost = ctx.config.costBucket !== undefined && ctx.config.costExport !== undefined;
    return { account: arn, warnings: hasCost ? [] : ['No cost is read: there is no cost export in the connection.'] };
  },
  async *discoverScopes(ctx) {
    for await (const { items } of paginate(undefined, (token: string | undefined) => listAccounts(ctx, token)))
      yield items;
  },
});

async function listAccounts(ctx: AwsContext, token: string | undefined) {
  const target = 'AWSOrganizationsV20161128.ListAccounts';
  const input = token === undefined ? {} : { NextToken: token };
  const { Accounts, NextToken } = await callJson(ctx, 'organizations', homeRegion, target, input);
  if (!Array.isArray(Accounts)) throw new VendorBug('The list of accounts is no list.');
  return { items: Accounts.map(toScope), next: typeof NextToken === 'string' ? NextToken : undefined };
}

function toScope(account: Readonly<Record<string, unknown>>): DiscoveredScope {
  const [id, email] = [String(account['Id']), line(account['Email'], 320)];
  return {
    id,
    name: line(account['Name']) ?? id,
    kind: 'account',
    // Suspended and closing accounts are listed for 90 days, and answer nothing.
    isAccessible: account['Status'] === 'ACTIVE',
    hints: { tenantId: id, ...(email === undefined ? {} : { emails: [email] }) },
  };
}
