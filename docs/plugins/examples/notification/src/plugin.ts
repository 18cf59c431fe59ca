import {
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineStream,
  defineSubscriber,
  field,
  NotSupported,
  paginate,
} from '@bailiwick/sdk';

type Id = string | number;

interface Recipient {
  readonly id: Id;
  readonly name: string;
  readonly email: string | null;
}

const bot = defineConnection({
  name: 'bot',
  label: 'Bell bot',
  config: defineConfig({
    token: field.secret({ label: 'Bot token' }),
    channel: field.text({ label: 'Channel', options: 'channels', max: 50 }),
  }),
  baseUrl: 'https://api.bell.example/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'authorization', value: 'Bot {secret.token}' }] },
  // One message a second into a channel; what is over waits here and not at the vendor.
  limits: [{ per: 'connection', requests: 1, seconds: 1, class: 'write' }],
  async check(ctx) {
    const { name } = await ctx.http.get<{ name: string }>('bot');
    return { account: `${name}, posting to ${ctx.config.channel}` };
  },
  options: {
    async channels(ctx) {
      const { items } = await ctx.http.get<{ items: readonly { id: Id; name: string }[] }>('channels');
      return items.map(({ id, name }) => ({ value: String(id), label: name }));
    },
  },
});

const contacts = defineStream(bot, {
  name: 'contacts',
  label: 'Contacts',
  entity: 'contact',
  mode: 'full',
  // The account has no partitions: one scope, which Bailiwick makes.
  grain: 'scope',
  every: 'PT6H',
  async *read(ctx) {
    const pages = paginate(undefined, async (page: number | undefined) => {
      const body = await ctx.http.get<{ items: readonly Recipient[]; next?: number }>('recipients', {
        query: { page },
      });
      return { items: body.items, next: body.next };
    });
    for await (const { items } of pages) {
      yield {
        upserts: items.map(({ id, name, email }) => ({
          id: String(id),
          data: { name, ...(email === null ? {} : { email }) },
        })),
      };
    }
  },
});

const send = defineAction(bot, {
  name: 'send',
  label: 'Send message',
  input: { target: field.entity('contact'), text: field.multiline({ max: 2000 }) },
  effect: 'create',
  grain: 'scope',
  target: 'contact',
  idempotency: 'key',
  async plan(ctx, { target, text }) {
    const answer = await ctx.http.request(`recipients/${encodeURIComponent(target)}`, { accept: [404] });
    if (answer.status === 404) throw new NotSupported('Bell has no such recipient any more.');
    const { name } = answer.json<Recipient>();
    return {
      summary: `Send a message to ${name}`,
      changes: [{ what: `Message to ${name}`, to: text }],
      affected: [{ entity: 'contact', id: target }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, text }, { idempotencyKey }) {
    await ctx.http.post('messages', { to: target, text, nonce: idempotencyKey });
    return { summary: 'Sent.' };
  },
});

const post = defineSubscriber(bot, {
  name: 'post',
  label: 'Posts alerts and new tickets',
  events: ['alert.raised', 'alert.recovered', 'ticket.opened'],
  async handle(ctx, { id, name, data }) {
    const text =
      'ticketId' in data
        ? `${data.client}: ticket ${data.number}, ${data.subject}`
        : `${data.client}: ${name === 'alert.recovered' ? 'recovered' : data.severity}, ${data.title}`;
    // An event comes at least once; Bell posts one message for each nonce.
    await ctx.http.post('messages', { channel: ctx.config.channel, text, nonce: id });
  },
});

export default definePlugin({ connections: [bot], streams: [contacts], actions: [send], subscribers: [post] });
