import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { AccessKeys } from './access-keys.ts';
import { AwsFront, type AwsRequest } from './front.ts';
import { type CostExport, deliverCostExport } from './cost-export.ts';
import { type Account, costBucket, makeAccounts } from './world.ts';

export type { AwsRequest } from './front.ts';
export type { Account } from './world.ts';
export { focusColumns } from './cost-export.ts';

export interface AwsOptions {
  /** The clock of the services; the machine's where it is absent. */
  readonly now?: () => Temporal.Instant;
  /** How long an instance stays `pending` or `stopping`, by that clock; 15 seconds where it is absent. */
  readonly settleMs?: number;
  /** No page is longer than this, whatever was asked; 2 where it is absent. */
  readonly pageSize?: number;
  /** The external id that the role of each account asks for; `bailiwick-<account id>` where it is absent. */
  readonly externalId?: (accountId: string) => string;
}

/** A running emulator, and what tests may do to it. */
export interface AwsEmulator {
  /** One address for all services: the credential scope of each request says which is meant. S3 is path-style. */
  readonly url: string;
  /** The key of the user in the management account. It may assume the roles and read the management account. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly managementAccountId: string;
  /** The accounts as they are now. Tests change them: state, tags, `status`, `role`, `role.deniedActions`. */
  readonly accounts: readonly Account[];
  /** What the policy of the user does not allow, such as `organizations:ListAccounts`. */
  readonly userDeniedActions: Set<string>;
  readonly costExport: CostExport;
  /** What was asked, in order, with the status of the answer. */
  readonly requests: readonly AwsRequest[];
  /** One account; throws where there is none. */
  account(id: string): Account;
  /** The next calls of a service (its signing name: `ec2`, `s3`, `sts`, `organizations`, `monitoring`, `rds`) are refused as too many. */
  throttle(service: string, calls: number): void;
  /** The next calls of a service fail inside AWS. */
  fail(service: string, calls: number): void;
  /** Deletes the user's key. */
  deleteKey(): void;
  /** Ends the sessions of all roles now. */
  endSessions(): void;
  /** Delivers the cost data of one more month. */
  deliverCosts(month: Temporal.PlainYearMonth): void;
  stop(): Promise<void>;
}

/** Starts AWS on a free port of the loopback address. */
export async function startAws(options: AwsOptions = {}): Promise<AwsEmulator> {
  const now = options.now ?? (() => Temporal.Now.instant());
  const accounts = makeAccounts(now(), options.externalId ?? ((accountId) => `bailiwick-${accountId}`));
  const management = accounts.find((account) => account.isManagement)!;
  const keys = new AccessKeys();
  const key = keys.createForUser({
    accountId: management.id,
    arn: `arn:aws:iam::${management.id}:user/bailiwick`,
    userId: 'AIDA5XMPLBAILIWICKUSR',
    roleName: undefined,
  });
  const costExport: CostExport = {
    bucket: costBucket.name,
    region: costBucket.region,
    prefix: 'focus',
    name: 'bailiwick-focus',
  };
  const deliverCosts = (month: Temporal.PlainYearMonth): void =>
    deliverCostExport(management.buckets[0]!, costExport, accounts, month, now());
  const thisMonth = now().toZonedDateTimeISO('UTC').toPlainDate().toPlainYearMonth();
  for (const month of [thisMonth.subtract({ months: 1 }), thisMonth]) deliverCosts(month);

  const front = new AwsFront({
    accounts,
    keys,
    now,
    settleMs: options.settleMs ?? 15_000,
    pageSize: options.pageSize ?? 2,
  });
  const app = new Hono<{ Bindings: { incoming: { url?: string } } }>();
  app.all('*', (c) => front.answer(c.req.raw, c.env.incoming.url ?? '/'));
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) =>
      resolve({ server: started, port: info.port }),
    );
  });

  return {
    url: `http://127.0.0.1:${port}`,
    accessKeyId: key.accessKeyId,
    secretAccessKey: key.secretAccessKey,
    managementAccountId: management.id,
    accounts,
    userDeniedActions: front.userDenied,
    costExport,
    requests: front.requests,
    account(id) {
      const account = accounts.find((one) => one.id === id);
      if (account === undefined) throw new Error(`There is no account ${id}.`);
      return account;
    },
    throttle: (service, calls) => front.throttled.set(service, calls),
    fail: (service, calls) => front.failing.set(service, calls),
    deleteKey: () => keys.delete(key.accessKeyId),
    endSessions: () => keys.endSessions(now()),
    deliverCosts,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}
