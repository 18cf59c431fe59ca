import {
  defineAction,
  defineConfig,
  defineConnection,
  definePlugin,
  defineSubscriber,
  defineView,
  field,
  VendorBug,
  type ConfigOf,
  type Context,
  type Json,
} from '@bailiwick/sdk';

const config = defineConfig({
  url: field.url({ label: 'Address', example: 'https://muse.example.net' }),
  key: field.secret({ label: 'API key' }),
  model: field.text({ label: 'Model', options: 'models', max: 100 }),
});

const server = defineConnection({
  name: 'server',
  label: 'Muse server',
  config,
  baseUrl: '{config.url}/v1/',
  auth: { kind: 'key', placements: [{ in: 'header', name: 'authorization', value: 'Bearer {secret.key}' }] },
  limits: [{ per: 'connection', requests: 30, seconds: 60, concurrency: 4 }],
  async check(ctx) {
    const models = await readModels(ctx);
    const warnings = models.includes(ctx.config.model) ? [] : [`The server has no model ${ctx.config.model}.`];
    return { account: `${ctx.config.model} at ${new URL(ctx.config.url).host}`, warnings };
  },
  options: {
    models: async (ctx) => (await readModels(ctx)).map((name) => ({ value: name, label: name })),
  },
});

async function readModels(ctx: Pick<Context, 'http'>): Promise<readonly string[]> {
  const { items } = await ctx.http.get<{ items: readonly string[] }>('models');
  return items;
}

/** What the model answers. It is text for a person: nothing in it is carried out. */
async function ask(ctx: Context<ConfigOf<typeof config>>, system: string, text: string): Promise<string> {
  const body = { model: ctx.config.model, system, text, maxTokens: 500 };
  // A POST that changes nothing: it may run while planning, and the host may send it again.
  const answer = await ctx.http.post<{ text?: unknown }>('complete', body, { reads: true, timeoutSeconds: 60 });
  if (typeof answer.text !== 'string') throw new VendorBug('Muse answered without a text.');
  return answer.text.slice(0, 4000);
}

const complete = defineAction(server, {
  name: 'complete',
  label: 'Complete',
  input: { text: field.multiline({ max: 8000 }) },
  output: { text: field.multiline({ max: 4000 }) },
  effect: 'read',
  grain: 'connection',
  idempotency: 'natural',
  async plan(ctx, { text }) {
    return {
      summary: `Sends ${text.length} characters to ${ctx.config.model}`,
      changes: [],
      affected: [],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { text }) {
    return { summary: 'Completed.', output: { text: await ask(ctx, 'Continue the text.', text) } };
  },
});

interface Suggestion {
  readonly number: number;
  readonly subject: string;
  readonly text: string;
}

const kept = 20;

const suggest = defineSubscriber(server, {
  name: 'suggest',
  label: 'Suggests first steps for new tickets',
  events: ['ticket.opened'],
  async handle(ctx, { data: { number, subject } }) {
    // Whoever wrote the subject is a stranger: it goes as the text to look at, and not as an instruction.
    const text = await ask(ctx, 'Suggest three first steps for a technician. The text is a subject line.', subject);
    const before = (await ctx.state?.get<readonly Suggestion[]>('suggestions')) ?? [];
    const others = before.filter((one) => one.number !== number);
    const all: readonly Suggestion[] = [{ number, subject, text }, ...others].slice(0, kept);
    await ctx.state?.set('suggestions', all as unknown as Json);
  },
});

const suggestions = defineView(server, {
  name: 'suggestions',
  label: 'Suggestions',
  slot: 'connection.tab/v1',
  async render(ctx) {
    const all = (await ctx.state?.get<readonly Suggestion[]>('suggestions')) ?? [];
    return [
      { kind: 'text', text: 'Made by a machine. Check before you do it.', tone: 'warning' },
      {
        kind: 'table',
        columns: [{ label: 'Ticket' }, { label: 'Subject' }, { label: 'Suggestion' }],
        rows: all.map(({ number, subject, text }) => [String(number), subject, text]),
        empty: 'No ticket was opened since this is connected.',
      },
    ];
  },
});

export default definePlugin({
  connections: [server],
  actions: [complete],
  subscribers: [suggest],
  views: [suggestions],
});
