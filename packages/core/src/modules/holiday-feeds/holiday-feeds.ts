import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { DomainError, NotFoundError } from '#kernel/errors';
import { idSchema, newId } from '#kernel/id';
import type { TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import {
  readHolidayFeed,
  readHolidaysView,
  updateCalendarInput,
  type SlaCalendarId,
  type SlaCalendars,
} from '#modules/sla';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { defineJob } from '#platform/jobs/job-queue';
import type { FetchedFeed, FetchFeed } from './fetch-feed.ts';
import type { HolidayFeedTables } from './holiday-feed-table.ts';
import { areSameDays, mergeHolidays } from './merge-holidays.ts';

const url = z
  .string()
  .max(2000)
  .refine(isAddress, { error: 'must be an address that begins with https://, without a user name' });
const calendarId = idSchema('sla-calendar');
export const previewFeedInput = z.object({ url });
export const previewFeedView = readHolidaysView;
export const subscribeInput = z.object({ calendarId, url });
export const feedOfCalendarInput = z.object({ calendarId });
export const feedView = z.object({
  calendarId,
  url: z.string(),
  holidays: z.int(),
  succeededAt: z.iso.datetime(),
  /** Why the last look failed, and when; null where it did not. */
  problem: z.string().nullable(),
  problemAt: z.iso.datetime().nullable(),
});
type FeedView = z.input<typeof feedView>;

/** Looks at the feeds of an MSP whose time has come. */
export const refreshFeeds = defineJob({ name: 'holiday-feeds.refresh', payload: z.object({}), cron: '23 * * * *' });

const DAILY = Temporal.Duration.from({ hours: 24 });
const AGAIN = Temporal.Duration.from({ hours: 2 });
/** In one tick; the others wait for the next. */
const MOST_A_TICK = 50;
const MOST_FEEDS = 500;

interface Deps {
  readonly db: ScopedDb;
  readonly fetch: FetchFeed;
  readonly calendars: SlaCalendars;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}
type Tx = ScopedTransaction<HolidayFeedTables>;
type Row = { id: string; url: string; etag: string | null; last_modified: string | null };

/** Calendars that follow feeds. A feed is fetched before anything is locked, and what it says is taken in at once or not at all. */
export class HolidayFeeds {
  readonly #db: ScopedDb<HolidayFeedTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<HolidayFeedTables>();
    this.#deps = deps;
  }

  async list(scope: TenantScope): Promise<FeedView[]> {
    const rows = await this.#db.read(scope, (query) => query.selectFrom('holiday_feed').selectAll().limit(MOST_FEEDS));
    return rows.map((row) => ({
      calendarId: row.calendar_id,
      url: row.url,
      holidays: row.holidays.length,
      succeededAt: row.succeeded_at.toString(),
      problem: row.problem,
      problemAt: row.problem_at?.toString() ?? null,
    }));
  }

  /** What a feed says, without subscribing. Throws `holiday-feeds.not-fetched`, `sla.bad-feed`. */
  async preview(input: z.output<typeof previewFeedInput>): Promise<z.input<typeof previewFeedView>> {
    const fetched = await this.#deps.fetch.run(input.url, { etag: null, lastModified: null });
    return readHolidayFeed(fetched.isSame ? '' : fetched.text);
  }

  /** Throws what `preview` throws, and `sla.calendar-not-found`; nothing is subscribed to then. */
  async subscribe(scope: TenantScope, input: z.output<typeof subscribeInput>): Promise<void> {
    const { fetch, audit, clock } = this.#deps;
    const fetched = await fetch.run(input.url, { etag: null, lastModified: null });
    await this.#db.transaction(scope, async (tx) => {
      const before = await feedOf(tx, input.calendarId);
      const id = before?.id ?? newId<'holiday-feed'>();
      const now = clock.now();
      const row = { url: input.url, etag: null, last_modified: null, problem: null, problem_at: null };
      await tx.query
        .insertInto('holiday_feed')
        .values({
          ...row,
          msp_id: scope.mspId,
          id,
          calendar_id: input.calendarId,
          holidays: '[]',
          succeeded_at: now,
          next_look_at: now,
        })
        .onConflict((conflict) => conflict.columns(['msp_id', 'calendar_id']).doUpdateSet(row))
        .execute();
      await this.#take(tx, input.calendarId, fetched);
      await audit.record(tx, {
        action: 'holiday-feeds.subscribe',
        subject: { kind: 'sla-calendar', id: input.calendarId, clientId: null },
        summary: `Let a calendar follow the holiday feed of ${new URL(input.url).host}`,
      });
    });
  }

  /** Ends it; the holidays stay. */
  async unsubscribe(scope: TenantScope, input: z.output<typeof feedOfCalendarInput>): Promise<void> {
    await this.#db.transaction(scope, async (tx) => {
      const feed = await feedOf(tx, input.calendarId);
      if (feed === undefined) return;
      await tx.query.deleteFrom('holiday_feed').where('id', '=', feed.id).execute();
      await this.#deps.audit.record(tx, {
        action: 'holiday-feeds.unsubscribe',
        subject: { kind: 'sla-calendar', id: input.calendarId, clientId: null },
        summary: `Let a calendar follow the holiday feed of ${new URL(feed.url).host} no more`,
      });
    });
  }

  /** Looks now. What went wrong is kept with the feed and thrown: `holiday-feeds.no-feed`, `holiday-feeds.not-fetched`, `sla.bad-feed`. */
  async refresh(scope: TenantScope, { calendarId: id }: z.output<typeof feedOfCalendarInput>): Promise<void> {
    const feed = await this.#db.readFirst(scope, (query) =>
      query.selectFrom('holiday_feed').select(['id', 'url', 'etag', 'last_modified']).where('calendar_id', '=', id),
    );
    if (feed === undefined) throw new NotFoundError('holiday-feeds.no-feed', 'This calendar follows no feed.');
    try {
      await this.#look(scope, id, feed);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // A calendar that was retired follows nothing.
      if (error.code === 'sla.calendar-not-found') await this.unsubscribe(scope, { calendarId: id });
      else await this.#keepProblem(scope, id, error.message);
      throw error;
    }
  }

  /** Does `holiday-feeds.refresh`: each feed by itself, so that one that fails holds up no other. */
  async refreshDue(scope: TenantScope): Promise<void> {
    const due = await this.#db.read(scope, (query) =>
      query
        .selectFrom('holiday_feed')
        .select('calendar_id')
        .where('next_look_at', '<=', this.#deps.clock.now())
        .orderBy('next_look_at')
        .limit(MOST_A_TICK),
    );
    for (const { calendar_id } of due)
      await this.refresh(scope, { calendarId: calendar_id }).catch((error: unknown) => {
        if (!(error instanceof DomainError)) throw error;
      });
  }

  async #look(scope: TenantScope, id: SlaCalendarId, feed: Row): Promise<void> {
    const fetched = await this.#deps.fetch.run(feed.url, { etag: feed.etag, lastModified: feed.last_modified });
    await this.#db.transaction(scope, async (tx) => {
      const now = await feedOf(tx, id);
      // Somebody unsubscribed, or chose another address, while this one was asked.
      if (now?.id === feed.id && now.url === feed.url) await this.#take(tx, id, fetched);
    });
  }

  /** Takes in what a locked feed said: a new version of the calendar where its days differ. */
  async #take(tx: Tx, id: SlaCalendarId, fetched: FetchedFeed): Promise<void> {
    const { calendars, clock } = this.#deps;
    const now = clock.now();
    const looked = { succeeded_at: now, problem: null, problem_at: null, next_look_at: now.add(DAILY) };
    if (fetched.isSame) {
      await tx.query.updateTable('holiday_feed').set(looked).where('calendar_id', '=', id).execute();
      return;
    }
    const said = readHolidayFeed(fetched.text).holidays.map(({ date, yearly }) => ({ date, yearly }));
    const calendar = (await calendars.list(tx.scope)).find((one) => one.id === id);
    if (calendar === undefined) throw new NotFoundError('sla.calendar-not-found', 'There is no such calendar.');
    const feed = await feedOf(tx, id);
    const today = now.toZonedDateTimeISO(calendar.zone).toPlainDate();
    const had = (calendar.holidays ?? []).map(({ date, yearly }) => ({ date, yearly: yearly ?? false }));
    const { holidays, ofFeed } = mergeHolidays(had, { before: feed?.holidays ?? [], now: said, today });
    if (!areSameDays(had, holidays))
      await calendars.update(tx.scope, updateCalendarInput.parse({ ...calendar, calendarId: id, holidays }), tx);
    await tx.query
      .updateTable('holiday_feed')
      .set({ ...looked, holidays: JSON.stringify(ofFeed), etag: fetched.etag, last_modified: fetched.lastModified })
      .where('calendar_id', '=', id)
      .execute();
  }

  async #keepProblem(scope: TenantScope, id: SlaCalendarId, problem: string): Promise<void> {
    const now = this.#deps.clock.now();
    await this.#db.transaction(scope, (tx) =>
      tx.query
        .updateTable('holiday_feed')
        .set({ problem: problem.slice(0, 500), problem_at: now, next_look_at: now.add(AGAIN) })
        .where('calendar_id', '=', id)
        .execute(),
    );
  }
}

function feedOf(tx: Tx, id: SlaCalendarId) {
  return tx.query.selectFrom('holiday_feed').selectAll().where('calendar_id', '=', id).forUpdate().executeTakeFirst();
}

function isAddress(value: string): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '';
}
