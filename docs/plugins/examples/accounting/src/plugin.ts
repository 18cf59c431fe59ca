import {
  ConfigInvalid,
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineStream,
  defineSubscriber,
  defineWebhook,
  field,
  NotSupported,
  paginate,
  scopeOf,
  type Context,
} from '@bailiwick/sdk';

type Id = string | number;

interface Account {
  readonly id: Id;
  readonly name: string;
  readonly number: string;
  readonly taxId: string | null;
}

interface Invoice {
  readonly id: Id;
  readonly number: string;
  readonly accountId: Id;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly status: 'draft' | 'open' | 'paid' | 'void';
  /** Digits as text, in the currency's major unit. */
  readonly total: string;
  readonly currency: string;
}

interface Payment {
  readonly id: Id;
  readonly invoiceId: Id;
  readonly paidAt: string;
  readonly total: string;
  readonly currency: string;
}

const ledgerAccount = defineConnection({
  name: 'ledger',
  label: 'Tally account',
  config: defineConfig({
    key: field.secret({ label: 'API key' }),
    signingSecret: field.secret({ label: 'Signing secret of the webhook', optional: true }),
    bookInto: field.text({ label: 'Ledger for approved invoices', options: 'ledgers', optional: true, max: 50 }),
  }),
  baseUrl: 'https://api.tally.example/v3/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'authorization', value: 'Bearer {secret.key}' }] },
  limits: [
    { per: 'connection', requests: 60, seconds: 60, concurrency: 2 },
    { per: 'scope', requests: 5000, seconds: 86_400 },
  ],
  async check(ctx) {
    const { email } = await ctx.http.get<{ email: string }>('me');
    return { account: email };
  },
  async *discoverScopes(ctx) {
    const ledgers = await readLedgers(ctx);
    yield ledgers.map(({ id, name, taxId }) => ({ id: String(id), name, kind: 'ledger', hints: { taxId } }));
  },
  options: {
    async ledgers(ctx) {
      return (await readLedgers(ctx)).map(({ id, name }) => ({ value: String(id), label: name }));
    },
  },
});

async function readLedgers(ctx: Pick<Context, 'http'>): Promise<readonly { id: Id; name: string; taxId: string }[]> {
  const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string; taxId: string }[] }>('ledgers');
  return items;
}

/** All pages of a list of the bound ledger. */
async function* listOf<Item>(ctx: Pick<Context, 'http' | 'scope'>, list: string): AsyncGenerator<readonly Item[]> {
  const pages = paginate(undefined, async (page: number | undefined) => {
    const path = `ledgers/${scopeOf(ctx).id}/${list}`;
    const body = await ctx.http.get<{ items: readonly Item[]; next?: number }>(path, { query: { page } });
    return { items: body.items, next: body.next };
  });
  for await (const { items } of pages) yield items;
}

const accounts = defineStream(ledgerAccount, {
  name: 'accounts',
  label: 'Accounts',
  entity: 'account',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    for await (const items of listOf<Account>(ctx, 'accounts')) {
      yield {
        upserts: items.map(({ id, name, number, taxId }) => ({
          id: String(id),
          data: { name, number, ...(taxId === null ? {} : { taxId }) },
        })),
      };
    }
  },
});

const invoices = defineStream(ledgerAccount, {
  name: 'invoices',
  label: 'Invoices',
  entity: 'invoice',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    for await (const items of listOf<Invoice>(ctx, 'invoices')) {
      yield {
        upserts: items.map(({ id, number, accountId, issuedOn, dueOn, status, total, currency }) => ({
          id: String(id),
          data: { number, account: String(accountId), issuedOn, dueOn, state: status, amount: total, currency },
        })),
      };
    }
  },
});

const payments = defineStream(ledgerAccount, {
  name: 'payments',
  label: 'Payments',
  entity: 'payment',
  mode: 'full',
  grain: 'scope',
  every: 'PT1H',
  async *read(ctx) {
    for await (const items of listOf<Payment>(ctx, 'payments')) yield { upserts: items.map(toPayment) };
  },
});

function toPayment({ id, invoiceId, paidAt, total, currency }: Payment) {
  return { id: String(id), data: { invoice: String(invoiceId), paidAt, amount: total, currency } };
}

const paid = defineWebhook(ledgerAccount, {
  name: 'paid',
  label: 'Payments',
  setUp: 'In Tally open Developers → Webhooks, add {url} for payment.created and copy the signing secret here.',
  verify: {
    kind: 'hmac',
    header: 'tally-signature',
    prefix: 'v1=',
    algorithm: 'sha256',
    encoding: 'base64',
    secret: '{secret.signingSecret}',
    signed: '{header.tally-timestamp}.{body}',
    timestamp: { header: 'tally-timestamp', toleranceSeconds: 300 },
  },
  route: ({ json }) => (isPayment(json) ? String(json.ledger) : null),
  async handle(_ctx, { json }) {
    // Signed, and whole: the payment is written at once. The stream reads it again in its time.
    return isPayment(json) ? { batches: { payments: { upserts: [toPayment(json.payment)] } } } : {};
  },
});

function isPayment(json: unknown): json is { readonly ledger: Id; readonly payment: Payment } {
  return typeof json === 'object' && json !== null && 'ledger' in json && 'payment' in json && json.payment !== null;
}

const bookInvoice = defineAction(ledgerAccount, {
  name: 'book-invoice',
  label: 'Book invoice',
  input: {
    account: field.entity('account', { label: 'Account' }),
    number: field.text({ max: 100 }),
    amount: field.decimal(),
    currency: field.text({ pattern: '[A-Z]{3}' }),
  },
  effect: 'create',
  grain: 'scope',
  idempotency: 'key',
  async plan(ctx, { account, number, amount, currency }) {
    const answer = await ctx.http.request(`ledgers/${scopeOf(ctx).id}/accounts/${encodeURIComponent(account)}`, {
      accept: [404],
    });
    if (answer.status === 404) throw new NotSupported('The ledger has no such account any more.');
    const { name } = answer.json<Account>();
    return {
      summary: `Book invoice ${number} over ${amount} ${currency} for ${name}`,
      changes: [{ what: `Invoice ${number}`, to: `${amount} ${currency}, ${name}` }],
      affected: [{ entity: 'account', id: account }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, { account, number, amount, currency }, { idempotencyKey }) {
    const path = `ledgers/${scopeOf(ctx).id}/invoices`;
    const body = { accountId: account, number, total: amount, currency };
    await ctx.http.post(path, body, { headers: { 'idempotency-key': idempotencyKey } });
    return { summary: `Invoice ${number} is booked.` };
  },
});

const bookApproved = defineSubscriber(ledgerAccount, {
  name: 'book-approved',
  label: 'Books approved invoices',
  events: ['invoice.approved'],
  async handle(ctx, { id, data }) {
    const { bookInto } = ctx.config;
    if (bookInto === undefined) throw new ConfigInvalid('bookInto', 'Say which ledger approved invoices go to.');
    const body = { customer: data.client, number: data.number, total: data.total, currency: data.currency };
    const lines = data.lines.map(({ description, quantity, amount }) => ({ description, quantity, amount }));
    // Events come at least once: the vendor tells a second one by this key.
    const headers = { 'idempotency-key': id };
    await ctx.http.post(`ledgers/${bookInto}/invoices`, { ...body, lines }, { headers });
  },
});

export default definePlugin({
  connections: [ledgerAccount],
  streams: [accounts, invoices, payments],
  actions: [bookInvoice],
  webhooks: [paid],
  subscribers: [bookApproved],
});
