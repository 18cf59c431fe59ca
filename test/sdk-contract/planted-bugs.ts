import type { Change } from './plant.ts';

/** A bug that authors make, and the check of the acceptance kit that has to find it. */
interface PlantedBug {
  readonly bug: string;
  readonly check: string;
  /** What the report says of it. */
  readonly says: RegExp;
  readonly changes: readonly Change[];
}

const readDevices =
  'const body = await ctx.http.get<{ items: readonly Device[]; next?: number }>(path, { query: { page } });';
const checkAccount = "const me = await ctx.http.get<{ email: string }>('me');";
const session =
  "const { sessionToken } = await ctx.http.post<{ sessionToken: string }>('sessions', {}, { reads: true });";
const readPlanned =
  'const device = await ctx.http.get<Device>(`sites/${scopeOf(ctx).id}/devices/${target}`);\n    return {\n      summary';
const deviceRecord = 'data: { name } }';

const mixing: readonly PlantedBug[] = [
  {
    bug: 'a cache at the top of the module',
    check: 'scopes-never-mix',
    says: /devices of (north|south)/,
    changes: [
      [
        'const devices =',
        'const cache: Record<string, { items: readonly Device[]; next?: number }> = {};\n\nconst devices =',
      ],
      [readDevices, 'const body = (cache[`page ${page}`] ??= await ctx.http.get(path, { query: { page } }));'],
    ],
  },
  {
    bug: 'the scope of the call before',
    check: 'scopes-never-mix',
    says: /mix when they run in turns/,
    changes: [
      ['const devices =', "let site = '';\n\nconst devices ="],
      [
        'const path = `sites/${scopeOf(ctx).id}/devices`;',
        'site = scopeOf(ctx).id;\n    const path = () => `sites/${site}/devices`;',
      ],
      [
        readDevices,
        'const body = await ctx.http.get<{ items: readonly Device[]; next?: number }>(path(), { query: { page } });',
      ],
    ],
  },
];

const syncing: readonly PlantedBug[] = [
  {
    bug: 'a lost cursor',
    check: 'resume-after-kill',
    says: /never named a cursor/,
    changes: [['upserts: items.map(toRecord), cursor: last', 'upserts: items.map(toRecord)']],
  },
  {
    bug: 'a cursor that is ahead of what was read',
    check: 'resume-after-kill',
    says: /stopped after batch 1, it ended with 2 records instead of 3/,
    changes: [['cursor: last }', 'cursor: last + 1 }']],
  },
  {
    bug: 'a swallowed error of a page',
    check: 'failed-page-deletes-nothing',
    says: /request 1 of 3 failed, and the pass ended as if all was read/,
    changes: [
      [
        readDevices,
        'const body = await ctx.http\n        .get<{ items: readonly Device[]; next?: number }>(path, { query: { page } })\n        .catch((): { items: readonly Device[]; next?: number } => ({ items: [] }));',
      ],
    ],
  },
  {
    bug: 'data that is another one each time',
    check: 'second-run-writes-nothing',
    says: /the second run added 0, changed 5, deleted 0/,
    changes: [
      ['const devices =', 'let count = 0;\n\nconst devices ='],
      [deviceRecord, 'data: { name, labels: { read: String((count += 1)) } } }'],
    ],
  },
  {
    bug: 'an id that is taken with its type',
    check: 'id-types-ignored',
    says: /devices of north/,
    changes: [['id: String(id), data: { name }', "id: typeof id === 'number' ? `#${id}` : id, data: { name }"]],
  },
  {
    bug: 'a list that is read whole, and may go round for ever',
    check: 'repeated-page-ends',
    says: /it sent \d+ requests for pages that repeat/,
    changes: [
      ['next: body.next };', 'next: body.next === undefined ? undefined : (page ?? 1) + 1 };'],
      [
        'for await (const { items } of pages) {',
        'const all: Device[] = [];\n    for await (const page of pages) all.push(...page.items);\n    for (const items of [all]) {',
      ],
    ],
  },
  {
    bug: 'memory that grows',
    check: 'memory-bounded',
    says: /memory/,
    changes: [
      ['const devices =', 'const all: unknown[] = [];\n\nconst devices ='],
      [
        'for await (const { items } of pages) {',
        'for await (const { items } of pages) {\n      all.push(...items.map((item) => ({ ...item, text: JSON.stringify(item).repeat(40).split("") })));',
      ],
    ],
  },
];

const leaking: readonly PlantedBug[] = [
  {
    bug: 'a token in a log line',
    check: 'secrets-stay-inside',
    says: /A secret is in a log line of check/,
    changes: [
      [checkAccount, `${session}\n    ctx.log.debug(\`signed in with \${sessionToken}\`);\n    ${checkAccount}`],
    ],
  },
  {
    bug: 'a token in a record',
    check: 'secrets-stay-inside',
    says: /A secret is in records of devices/,
    changes: [
      [readDevices, `${session}\n      ${readDevices}`],
      [
        'return { items: body.items, next: body.next };',
        'return { items: body.items.map((item) => ({ ...item, name: `${item.name}?session=${sessionToken}` })), next: body.next };',
      ],
    ],
  },
  {
    bug: 'a token in an error',
    check: 'secrets-stay-inside',
    says: /A secret is in .*an error of check/,
    changes: [
      [
        checkAccount,
        `${session}\n    if (sessionToken !== '') throw new Error(\`refused: \${sessionToken}\`);\n    ${checkAccount}`,
      ],
    ],
  },
];

const acting: readonly PlantedBug[] = [
  {
    bug: 'a plan that writes',
    check: 'plan-only-reads',
    says: /PUT/,
    changes: [
      [
        readPlanned,
        `await ctx.http.request(\`sites/\${scopeOf(ctx).id}/devices/\${target}\`, { method: 'PUT', json: { name } }).catch(() => {});\n    ${readPlanned}`,
      ],
    ],
  },
  {
    bug: 'a plan that stays the same when the vendor has changed, so that a stale one is accepted',
    check: 'stale-plan-refused',
    says: /it reads nothing/,
    changes: [[readPlanned, "const device = { name: 'the device' };\n    return {\n      summary"]],
  },
  {
    bug: 'a plan that can never be approved',
    check: 'plan-repeats',
    says: /second plan of rename differs/,
    changes: [
      ['const rename =', 'let plans = 0;\n\nconst rename ='],
      ['summary: `Rename ${device.name}`', 'summary: `Rename ${device.name} (${(plans += 1)})`'],
    ],
  },
  {
    bug: 'a change that is said to be done and is not',
    check: 'apply-holds',
    says: /verify says that it does not hold/,
    changes: [["{ method: 'PUT', json: { name } }", "{ method: 'PUT', json: { name: 'another' } }"]],
  },
];

const delivering: readonly PlantedBug[] = [
  {
    bug: 'a signature with a key that everybody has',
    check: 'forged-deliveries-refused',
    says: /a delivery signed with another secret was taken/,
    changes: [["secret: '{secret.signingKey}'", "secret: 'acme-signing'"]],
  },
  {
    bug: 'a handler that trusts the shape of a delivery',
    check: 'odd-deliveries-survived',
    says: /PluginBug/,
    changes: [['(json as { site?: string } | null)?.site', '(json as { site: { id: string } }).site.id']],
  },
];

const behaving: readonly PlantedBug[] = [
  {
    bug: 'an error without a type on 401',
    check: 'check-unauthorised',
    says: /PluginBug: Error: no luck/,
    changes: [
      [
        checkAccount,
        "const me = await ctx.http.get<{ email: string }>('me').catch(() => {\n      throw new Error('no luck');\n    });",
      ],
    ],
  },
  {
    bug: 'a check that passes whatever the vendor says',
    check: 'check-unauthorised',
    says: /The check passed although the vendor answers 401/,
    changes: [
      [checkAccount, "const me = await ctx.http.get<{ email: string }>('me').catch(() => ({ email: 'somebody' }));"],
    ],
  },
  {
    bug: 'an undeclared host whose refusal is swallowed',
    check: 'hosts-declared',
    says: /telemetry\.acme\.example/,
    changes: [
      [
        checkAccount,
        `await ctx.http.post('https://telemetry.acme.example/usage', {}).catch(() => {});\n    ${checkAccount}`,
      ],
    ],
  },
  {
    bug: 'marks at the vendor that a purge leaves behind',
    check: 'leaves-nothing',
    says: /alerts of north: installed anew, it reads something else/,
    changes: [
      [
        '      after = last;\n',
        '      after = last;\n      if (items.length < 2) await ctx.http.post(path, { read: true });\n',
      ],
    ],
  },
];

const describing: readonly PlantedBug[] = [
  {
    bug: 'a stream, an action and a webhook that nobody wrote about',
    check: 'docs-complete',
    says: /: stream Tickets; action Reboot; webhook Tickets\.$/,
    changes: [
      ["name: 'alerts',\n  label: 'Alerts'", "name: 'tickets',\n  label: 'Tickets'"],
      ["name: 'rename',\n  label: 'Rename'", "name: 'reboot',\n  label: 'Reboot'"],
      ["name: 'new-alerts',\n  label: 'New alerts'", "name: 'new-tickets',\n  label: 'Tickets'"],
    ],
  },
];

/** Every planted bug. */
export const plantedBugs: readonly PlantedBug[] = [
  ...mixing,
  ...syncing,
  ...leaking,
  ...acting,
  ...delivering,
  ...behaving,
  ...describing,
];
