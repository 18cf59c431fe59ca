import { defineAction, field, NotSupported, PermissionMissing, scopeOf } from '@bailiwick/sdk';
import { type CurrentAlert, listAlerts } from './alerts.ts';
import { api, type AlertmanagerContext } from './config.ts';
import { server } from './connection.ts';

interface Silence {
  readonly id: string;
  readonly comment: string;
  readonly matchers: readonly {
    readonly name: string;
    readonly value: string;
    readonly isRegex: boolean;
    readonly isEqual?: boolean;
  }[];
}

const target = field.entity('alert', { label: 'Alert' });

export const silence = defineAction(server, {
  name: 'silence',
  label: 'Silence',
  help: 'Keeps Alertmanager from notifying of this alert for some hours.',
  input: {
    target,
    hours: field.integer({ label: 'Hours', min: 1, max: 720, default: 2, unit: 'h' }),
    comment: field.text({ label: 'Comment', optional: true, max: 500 }),
  },
  output: { silence: field.text() },
  effect: 'update',
  grain: 'scope',
  target: 'alert',
  idempotency: 'key',
  async plan(ctx, { target, hours }) {
    const { labels } = await readOwnAlert(ctx, target);
    return {
      summary: `Silence ${nameOf(labels)} for ${hours} h`,
      changes: [{ what: nameOf(labels), from: 'notifies', to: `silent for ${hours} h` }],
      affected: [{ entity: 'alert', id: target }],
      isReversible: true,
      disruption: 'none',
    };
  },
  async apply(ctx, { target, hours, comment }, { actor, idempotencyKey }) {
    const { labels } = await readOwnAlert(ctx, target);
    const mark = `(Bailiwick ${idempotencyKey})`;
    const before = (await ctx.http.get<readonly Silence[]>(api(ctx, 'silences'))).find((one) =>
      one.comment.endsWith(mark),
    );
    if (before !== undefined) return { summary: 'It was silenced already.', output: { silence: before.id } };
    const { silenceID } = await ctx.http.post<{ silenceID: string }>(api(ctx, 'silences'), {
      // Every label, the customer's among them: nobody else's alert can match.
      matchers: Object.entries(labels).map(([name, value]) => ({ name, value, isRegex: false, isEqual: true })),
      startsAt: ctx.now,
      endsAt: Temporal.Instant.from(ctx.now).add({ hours }).toString(),
      createdBy: actor,
      comment: `${comment ?? 'Silenced'} ${mark}`,
    });
    return { summary: `Silent for ${hours} h.`, output: { silence: silenceID } };
  },
  async verify(ctx, { target }) {
    return { holds: (await readOwnAlert(ctx, target)).status.silencedBy.length > 0 };
  },
  async undo(ctx, _input, { output }) {
    await expire(ctx, String(output?.['silence']));
    return { summary: 'The silence has ended.' };
  },
});

export const endSilence = defineAction(server, {
  name: 'end-silence',
  label: 'End silence',
  help: 'Ends the silences of this alert that are for its customer alone.',
  input: { target },
  effect: 'update',
  grain: 'scope',
  target: 'alert',
  idempotency: 'natural',
  async plan(ctx, { target }) {
    const { labels, status } = await readOwnAlert(ctx, target);
    for (const id of status.silencedBy) await readOwnSilence(ctx, id);
    const isSilent = status.silencedBy.length > 0;
    return {
      summary: isSilent ? `End the silence of ${nameOf(labels)}` : `${nameOf(labels)} is not silenced`,
      changes: status.silencedBy.map((id) => ({ what: `Silence ${id}`, from: 'active', to: 'ended' })),
      affected: [{ entity: 'alert', id: target }],
      isReversible: false,
      disruption: 'none',
    };
  },
  async apply(ctx, { target }) {
    const { silencedBy } = (await readOwnAlert(ctx, target)).status;
    for (const id of silencedBy) await expire(ctx, (await readOwnSilence(ctx, id)).id);
    return { summary: 'It notifies again.' };
  },
  async verify(ctx, { target }) {
    return { holds: (await readOwnAlert(ctx, target)).status.silencedBy.length === 0 };
  },
});

/** The alert, if it is one of the scope that this call is bound to. */
async function readOwnAlert(ctx: AlertmanagerContext, fingerprint: string): Promise<CurrentAlert> {
  const found = (await listAlerts(ctx)).find((alert) => alert.fingerprint === fingerprint);
  if (found === undefined) throw new NotSupported('Alertmanager does not have this alert any more.');
  if (found.labels[ctx.config.scopeLabel] !== scopeOf(ctx).id)
    throw new PermissionMissing('The alert is another customer’s.');
  return found;
}

/** The silence, if no other customer's alerts can match it. */
async function readOwnSilence(ctx: AlertmanagerContext, id: string): Promise<Silence> {
  const found = await ctx.http.get<Silence>(api(ctx, `silence/${encodeURIComponent(id)}`));
  const isOwn = found.matchers.some(
    ({ name, value, isRegex, isEqual }) =>
      name === ctx.config.scopeLabel && value === scopeOf(ctx).id && !isRegex && isEqual !== false,
  );
  if (!isOwn) throw new PermissionMissing('The silence is not for this customer alone; end it in Alertmanager.');
  return found;
}

async function expire(ctx: AlertmanagerContext, id: string): Promise<void> {
  await readOwnSilence(ctx, id);
  await ctx.http.request(api(ctx, `silence/${encodeURIComponent(id)}`), { method: 'DELETE' });
}

function nameOf(labels: Readonly<Record<string, string>>): string {
  const where = labels['instance'] ?? labels['job'];
  return `${labels['alertname'] ?? 'the alert'}${where === undefined ? '' : ` on ${where}`}`;
}
