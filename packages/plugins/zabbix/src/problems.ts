import { defineStream, VendorBug, type RecordDelete, type RecordUpsert } from '@bailiwick/sdk';
import { instant, line, list, parts, type Row, type ZabbixContext } from './api.ts';
import { server } from './connection.ts';
import { type HostRef, placeHosts, placeOf, type Placement } from './scopes.ts';

/** A problem event with what an alert needs. */
export interface Problem extends Row<'clock' | 'name' | 'opdata' | 'severity' | 'acknowledged'> {
  readonly eventid: string;
  /** The event that ended it; `0` while it is open. */
  readonly r_eventid: string;
  readonly hosts: readonly HostRef[];
  readonly tags: readonly { readonly tag: string; readonly value: string }[];
  readonly relatedObject: Row<'triggerid' | 'manual_close'>;
  /** When it ended. */
  readonly recoveredAt: string | undefined;
}

const ofTriggers = { source: 0, object: 0 };

/** Reads problem events by their ids, with the time of their end; ids that are gone are left out. */
export async function readProblems(ctx: ZabbixContext, eventids: readonly string[]): Promise<readonly Problem[]> {
  const events = await list<Problem>(ctx, 'event.get', {
    ...ofTriggers,
    eventids,
    value: 1,
    output: ['eventid', 'clock', 'name', 'opdata', 'severity', 'acknowledged', 'r_eventid'],
    selectHosts: ['hostid'],
    selectTags: ['tag', 'value'],
    selectRelatedObject: ['triggerid', 'manual_close'],
  });
  const asked = new Set(eventids);
  if (!events.every(({ eventid }) => asked.has(eventid)))
    throw new VendorBug('event.get answers events that were not asked for.');
  const ends = events.map((event) => event.r_eventid).filter((id) => id !== '0');
  const ended =
    ends.length === 0
      ? []
      : await list<{ eventid: string; clock: string }>(ctx, 'event.get', {
          ...ofTriggers,
          eventids: ends,
          output: ['eventid', 'clock'],
        });
  const endOf = new Map(ended.map(({ eventid, clock }) => [eventid, instant(clock)]));
  return events.map((event) => ({ ...event, recoveredAt: endOf.get(event.r_eventid) }));
}

const severityNames = ['not classified', 'information', 'warning', 'average', 'high', 'disaster'];
const severities = ['info', 'info', 'warning', 'warning', 'critical', 'critical'] as const;

/** The alert of a problem; none where its hosts belong to no single scope. */
export function toAlert(
  problem: Problem,
  placed: Placement,
  apiUrl: string,
): (RecordUpsert<'alert'> & { scope: string })[] {
  const place = placeOf(problem.hosts, placed);
  const openedAt = instant(problem.clock);
  if (place === undefined || openedAt === undefined) return [];
  const isOver = problem.r_eventid !== '0';
  const triggerId = problem.relatedObject.triggerid;
  const data = {
    device: place.device,
    title: line(problem.name, 300) ?? `Problem ${problem.eventid}`,
    message: line(problem.opdata, 10_000),
    severity: severities[Number(problem.severity)] ?? 'warning',
    state: isOver
      ? ('recovered' as const)
      : problem.acknowledged === '1'
        ? ('acknowledged' as const)
        : ('open' as const),
    openedAt,
    recoveredAt: problem.recoveredAt,
    url:
      triggerId === undefined
        ? undefined
        : new URL(`tr_events.php?triggerid=${triggerId}&eventid=${problem.eventid}`, apiUrl).href,
    labels: {
      severity: severityNames[Number(problem.severity)] ?? '',
      ...Object.fromEntries(problem.tags.map(({ tag, value }) => [tag, value])),
    },
  };
  return [{ id: problem.eventid, scope: place.scope, data }];
}

// The first pass starts with what is open; the events before it are history.
const newestOnly = { sortfield: ['eventid'], sortorder: 'DESC', limit: 1 };

export const alerts = defineStream(server, {
  name: 'alerts',
  label: 'Problems',
  entity: 'alert',
  mode: 'incremental',
  grain: 'connection',
  every: 'PT1M',
  async *read(ctx, cursor) {
    const placed = await placeHosts(ctx);
    const seen = await readOpen(ctx);
    // Not those that a maintenance hides; they open when it ends, and one that was open before stays.
    const visible = { ...ofTriggers, output: ['eventid'], suppressed: false };
    const open = await list<{ eventid: string }>(ctx, 'problem.get', visible);
    // What opened and ended between two passes is in no list of problems any more.
    const since = typeof cursor === 'string' && /^\d{1,20}$/u.test(cursor) ? BigInt(cursor) : undefined;
    const after = since === undefined ? newestOnly : { eventid_from: String(since + 1n) };
    const fresh = await list<{ eventid: string }>(ctx, 'event.get', { ...visible, value: 1, ...after });
    const current = since === undefined ? open : [...open, ...fresh];
    const ids = [...new Set([...seen.keys(), ...current.map(({ eventid }) => eventid)])];
    const stillOpen = new Map<string, string>();
    for (const eventids of parts(ids, 500)) {
      const problems = await readProblems(ctx, eventids);
      const answered = new Set(problems.map(({ eventid }) => eventid));
      if (open.some(({ eventid }) => eventids.includes(eventid) && !answered.has(eventid)))
        throw new VendorBug('event.get does not know a problem that problem.get lists.');
      const upserts = problems.flatMap((problem) => toAlert(problem, placed, ctx.config.url));
      for (const { id, scope, data } of upserts) if (data.state !== 'recovered') stillOpen.set(id, scope);
      const found = new Set(upserts.map(({ id }) => id));
      const deletes = eventids.flatMap((id): RecordDelete[] => {
        const scope = seen.get(id);
        return scope === undefined || found.has(id) ? [] : [{ id, scope }];
      });
      yield { upserts, deletes };
    }
    // Only now: a pass that was stopped before must look for the same ends again.
    await writeOpen(ctx, stillOpen);
    const newest = [...ids, ...fresh.map(({ eventid }) => eventid)].map(BigInt);
    yield { upserts: [], cursor: String(newest.reduce((latest, id) => (id > latest ? id : latest), since ?? 0n)) };
  },
});

// 2,500 pairs of two ids of up to ten digits stay within the 64 KiB of one value.
const perValue = 2500;

/** Problems that were open when the last pass ended, with their scopes. */
async function readOpen(ctx: ZabbixContext): Promise<Map<string, string>> {
  const open = new Map<string, string>();
  for (let page = 0; ; page += 1) {
    const pairs = await ctx.state?.get<readonly (readonly [string, string])[]>(`open-${page}`);
    for (const [id, scope] of pairs ?? []) open.set(id, scope);
    if (pairs === undefined || pairs.length < perValue) return open;
  }
}

async function writeOpen(ctx: ZabbixContext, open: ReadonlyMap<string, string>): Promise<void> {
  const pages = [...parts([...open], perValue)];
  // The page after the last full one is empty, so that reading ends there.
  for (const [page, pairs] of [...pages, []].entries()) await ctx.state?.set(`open-${page}`, pairs);
}
