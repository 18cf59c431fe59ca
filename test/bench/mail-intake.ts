import { makeMailScope } from '../../packages/core/src/entry/mail/mail-scope.ts';
import { makeTenantScope } from '../../packages/core/src/kernel/tenant-scope.ts';
import { newId, type MspId } from '../../packages/core/src/kernel/id.ts';
import {
  HandleInbound,
  SaveMailbox,
  StoreMail,
  type MailboxId,
} from '../../packages/core/src/modules/mail-inbox/index.ts';
import { CreateClient } from '../../packages/core/src/modules/tenancy/create-client.ts';
import { CreateMsp } from '../../packages/core/src/modules/tenancy/create-msp.ts';
import { openPool } from '../../packages/core/src/platform/db/pool.ts';
import { threadedMail } from '../support/mailboxes.ts';
import { startBenchDatabase } from './bench-database.ts';
import { median, progress, report } from './figures.ts';
import { openBenchPlatform, type BenchPlatform } from './monitored-machines.ts';

const BENCH = 'mail-intake';
const ROUNDS = 5;
/** In threads of three: one mail in three opens a ticket, two answer on it. */
const MAILS = 150;
/** As a mailbox is read: so many in one commit. */
const STORED_TOGETHER = 50;
const WORKERS = 4;
/** A usual mail: some kilobytes of text. */
const TEXT = 'The printer on the second floor prints only every other page. '.repeat(60);

/** Mails a second from their bytes to tickets that people read, beside plain inserts of the same bytes, each in a commit of its own. */
export async function benchMailIntake(): Promise<void> {
  await using database = await startBenchDatabase();
  await using platform = await openBenchPlatform(database, WORKERS + 2);
  const intake = await Intake.open(platform);
  const raw = openPool(database.superuserUrl, { max: 1 });
  try {
    await raw.query('create table raw_mail (id bigserial primary key, content bytea not null)');
    const figures = { bare: [] as number[], store: [] as number[], one: [] as number[], four: [] as number[] };
    await intake.store(batch(-1));
    await intake.handle(1);
    for (let round = 0; round < ROUNDS; round += 1) {
      progress(`${BENCH}: round ${round + 1} of ${ROUNDS} …`);
      const mails = [batch(round * 2), batch(round * 2 + 1)] as const;
      figures.bare.push(
        await perSecond(async () => {
          for (const mail of mails[0]) await raw.query('insert into raw_mail (content) values ($1)', [mail]);
        }),
      );
      const seconds = await secondsOf(() => intake.store(mails[0]));
      figures.store.push(MAILS / seconds);
      figures.one.push(MAILS / (seconds + (await secondsOf(() => intake.handle(1)))));
      figures.four.push(
        await perSecond(async () => {
          await intake.store(mails[1]);
          await intake.handle(WORKERS);
        }),
      );
    }
    const baseline = median(figures.bare);
    report({ bench: BENCH, metric: 'stored', value: median(figures.store), unit: 'mails/s', baseline });
    report({ bench: BENCH, metric: 'stored-and-placed', value: median(figures.one), unit: 'mails/s', baseline });
    report({
      bench: BENCH,
      metric: `stored-and-placed-by-${WORKERS}`,
      value: median(figures.four),
      unit: 'mails/s',
      baseline,
    });
  } finally {
    await raw.end();
  }
}

function batch(number: number): Buffer[] {
  return Array.from({ length: MAILS }, (_, n) =>
    Buffer.concat([threadedMail((number + 1) * MAILS + n), Buffer.from(`${TEXT}\r\n`)]),
  );
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return (performance.now() - begunAt) / 1000;
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  return MAILS / (await secondsOf(work));
}

/** One mailbox of one MSP, whose senders are known by their domain. */
class Intake {
  readonly #platform: BenchPlatform;
  readonly #mspId: MspId;
  readonly #mailboxId: MailboxId;

  private constructor(platform: BenchPlatform, mspId: MspId, mailboxId: MailboxId) {
    this.#platform = platform;
    this.#mspId = mspId;
    this.#mailboxId = mailboxId;
  }

  static async open(platform: BenchPlatform): Promise<Intake> {
    const mspId = newId<'msp'>();
    const { container } = platform;
    const scope = makeTenantScope({
      mspId,
      reach: { kind: 'all' },
      audience: 'system',
      actor: { kind: 'command-line', id: newId(), label: 'bench' },
      permissions: new Set(),
      requestId: newId(),
    });
    await container
      .resolve(CreateMsp)
      .run(scope, { name: 'Bench', slug: 'bench', timeZone: 'Europe/London', currency: 'GBP' });
    await container.resolve(CreateClient).run(scope, {
      name: 'Hartley',
      timeZone: 'Europe/London',
      state: 'active',
      emailDomains: ['hartley.example'],
    });
    const { mailboxId } = await container.resolve(SaveMailbox).create(scope, {
      name: 'Support',
      address: 'support@northgate.example',
      settings: { kind: 'smtp' },
      secrets: {},
      trustedAuthservId: null,
      defaultClientId: null,
      defaultQueue: null,
    });
    return new Intake(platform, mspId, mailboxId);
  }

  async store(mails: readonly Buffer[]): Promise<void> {
    const storeMail = this.#platform.container.resolve(StoreMail);
    const receivedAt = Temporal.Now.instant();
    for (let from = 0; from < mails.length; from += STORED_TOGETHER)
      await storeMail.runAll(
        makeMailScope(this.#mspId),
        mails
          .slice(from, from + STORED_TOGETHER)
          .map((raw) => ({ mailboxId: this.#mailboxId, transportKey: newId(), raw, receivedAt })),
      );
  }

  async handle(workers: number): Promise<void> {
    const handler = this.#platform.container.resolve(HandleInbound);
    const handled = await Promise.all(Array.from({ length: workers }, () => handler.run(makeMailScope(this.#mspId))));
    const all = handled.reduce((sum, count) => sum + count, 0);
    if (all !== MAILS) throw new Error(`${all} of ${MAILS} mails were placed.`);
  }
}
