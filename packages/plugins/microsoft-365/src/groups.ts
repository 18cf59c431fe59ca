import { type Batch, defineStream, type RecordUpsert } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { type GraphContext, type GraphPage, listAll, listPages, relativeLink } from './graph.ts';

interface Group {
  readonly id: string;
  readonly displayName?: string | null;
  readonly groupTypes?: readonly string[];
  readonly mailEnabled?: boolean | null;
  readonly securityEnabled?: boolean | null;
}

interface Member {
  readonly id: string;
  readonly '@odata.type'?: string;
}

interface BatchAnswer {
  readonly responses: readonly { readonly id: string; readonly status: number; readonly body?: GraphPage<Member> }[];
}

// "Combine multiple HTTP requests using JSON batching": at most 20 in one.
const batchSize = 20;

/** Groups and their direct members that are users. */
export const groups = defineStream(partner, {
  name: 'groups',
  label: 'Groups',
  entity: 'group',
  mode: 'full',
  grain: 'scope',
  every: 'PT6H',
  async *read(ctx) {
    const query = { $select: 'id,displayName,groupTypes,mailEnabled,securityEnabled', $top: 999 };
    for await (const page of listPages<Group>(ctx, 'groups', query)) {
      for (let from = 0; from < page.length; from += batchSize) {
        yield await readMembers(ctx, page.slice(from, from + batchSize));
      }
    }
  },
});

async function readMembers(ctx: GraphContext, some: readonly Group[]): Promise<Batch<'group'>> {
  const requests = some.map(({ id }) => ({ id, method: 'GET', url: `/${membersPath(id)}` }));
  const answer = await ctx.http.request('$batch', { method: 'POST', json: { requests }, reads: true });
  const byGroup = new Map(answer.json<BatchAnswer>().responses.map((one) => [one.id, one] as const));
  const upserts: RecordUpsert<'group'>[] = [];
  for (const group of some) {
    const first = byGroup.get(group.id);
    // Deleted since the list was read.
    if (first?.status === 404) continue;
    const members =
      first?.status === 200 ? await restOf(ctx, first.body ?? {}) : await listAll<Member>(ctx, membersPath(group.id));
    upserts.push(toGroup(group, members));
  }
  return { upserts };
}

function membersPath(groupId: string): string {
  return `groups/${encodeURIComponent(groupId)}/members?$select=id&$top=999`;
}

async function restOf(ctx: GraphContext, first: GraphPage<Member>): Promise<readonly Member[]> {
  const next = first['@odata.nextLink'];
  const rest = next === undefined ? [] : await listAll<Member>(ctx, relativeLink(ctx, next));
  return [...(first.value ?? []), ...rest];
}

function toGroup(group: Group, members: readonly Member[]): RecordUpsert<'group'> {
  const people = members.filter((member) => member['@odata.type'] === '#microsoft.graph.user').map(({ id }) => id);
  return {
    id: group.id,
    data: { name: group.displayName ?? group.id, kind: kindOf(group), members: people.toSorted() },
  };
}

/** The kinds that the Entra admin centre names. */
function kindOf({ groupTypes = [], mailEnabled, securityEnabled }: Group): string {
  if (groupTypes.includes('Unified')) return 'Microsoft 365';
  if (mailEnabled === true) return securityEnabled === true ? 'mail-enabled security' : 'distribution';
  return 'security';
}
