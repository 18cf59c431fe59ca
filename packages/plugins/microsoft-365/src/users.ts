import { type Batch, defineStream, type EntityData, type Json, type RecordUpsert, VendorBug } from '@bailiwick/sdk';
import { partner } from './connection.ts';
import { type GraphContext, type GraphError, type GraphPage, itemsOf, listPages, relativeLink } from './graph.ts';
import { keepSubscription } from './subscription.ts';

interface User {
  readonly id: string;
  readonly displayName?: string | null;
  readonly userPrincipalName?: string;
  readonly mail?: string | null;
  readonly accountEnabled?: boolean | null;
  readonly userType?: string | null;
  readonly jobTitle?: string | null;
  readonly department?: string | null;
  readonly assignedLicenses?: readonly { readonly skuId: string }[];
  readonly createdDateTime?: string | null;
  readonly '@removed'?: { readonly reason: string };
}

const properties =
  'id,displayName,userPrincipalName,mail,accountEnabled,userType,jobTitle,department,assignedLicenses,createdDateTime';
const start = `users/delta?$select=${properties}`;
// "Delta query overview": 410, or a 40X whose code is one of these, asks for a full synchronisation.
const resyncCodes = ['syncStateNotFound', 'syncStateInvalid', 'resyncRequired'];

/** Users, by delta query: each pass reads what changed since the one before. */
export const users = defineStream(partner, {
  name: 'users',
  label: 'Users',
  entity: 'user',
  mode: 'incremental',
  grain: 'scope',
  every: 'PT15M',
  async *read(ctx, cursor) {
    await keepSubscription(ctx);
    const pages = readChanges(ctx, linkOf(cursor));
    for await (const page of pages) yield page;
  },
});

function linkOf(cursor: Json | undefined): string | undefined {
  return typeof cursor === 'string' && cursor.startsWith('users/delta?') ? cursor : undefined;
}

async function* readChanges(ctx: GraphContext, from: string | undefined): AsyncGenerator<Batch<'user'>> {
  const seen = new Set<string>();
  let link = from ?? start;
  for (let isResync = false; ;) {
    const page = await readPage(ctx, link);
    if (page === 'resync') {
      if (isResync || from === undefined)
        throw new VendorBug('Microsoft Graph forgets a synchronisation that it has just begun.');
      ctx.log.info('Microsoft Graph asks for a full synchronisation of the users.');
      isResync = true;
      link = start;
      // What was deleted in the meantime is in no delta any more.
      yield* readDeleted(ctx);
      continue;
    }
    if (seen.has(link)) throw new VendorBug('A page of the users names an earlier page as the next one.');
    seen.add(link);
    const { next, isLast, items } = page;
    yield { ...toBatch(items), cursor: next };
    if (isLast) return;
    link = next;
  }
}

async function readPage(
  ctx: GraphContext,
  link: string,
): Promise<'resync' | { items: readonly User[]; next: string; isLast: boolean }> {
  const answer = await ctx.http.request(link, { accept: [400, 410] });
  if (answer.status === 410) return 'resync';
  if (answer.status === 400) {
    const { code = '', message = '' } = answer.json<GraphError>().error ?? {};
    if (resyncCodes.includes(code)) return 'resync';
    throw new VendorBug(`Microsoft Graph does not take its own link (${code}): ${message}`);
  }
  const page = answer.json<GraphPage<User>>();
  const next = page['@odata.nextLink'] ?? page['@odata.deltaLink'];
  if (next === undefined) throw new VendorBug('A page of the users has neither a next nor a delta link.');
  return { items: itemsOf(page), next: relativeLink(ctx, next), isLast: page['@odata.nextLink'] === undefined };
}

/** Users of the recycle bin, where they stay for 30 days; delta links last for seven. */
async function* readDeleted(ctx: GraphContext): AsyncGenerator<Batch<'user'>> {
  const deleted = listPages<{ id: string }>(ctx, 'directory/deletedItems/microsoft.graph.user', { $select: 'id' });
  for await (const page of deleted) yield { upserts: [], deletes: page.map(({ id }) => ({ id })) };
}

/** The last word about each user counts: a page may name one twice. */
function toBatch(items: readonly User[]): Batch<'user'> {
  const last = [...new Map(items.map((user) => [user.id, user])).values()];
  return {
    upserts: last.filter((user) => user['@removed'] === undefined).map(toUser),
    deletes: last.filter((user) => user['@removed'] !== undefined).map(({ id }) => ({ id })),
  };
}

function toUser(user: User): RecordUpsert<'user'> {
  const loginName = user.userPrincipalName ?? '';
  const data: EntityData<'user'> = {
    name: user.displayName ?? loginName,
    loginName,
    email: user.mail ?? undefined,
    isEnabled: user.accountEnabled === true,
    kind: user.userType === 'Guest' ? 'guest' : 'member',
    jobTitle: user.jobTitle ?? undefined,
    department: user.department ?? undefined,
    licences: (user.assignedLicenses ?? []).map(({ skuId }) => skuId).toSorted(),
    createdAt: user.createdDateTime ?? undefined,
  };
  return { id: user.id, data };
}
