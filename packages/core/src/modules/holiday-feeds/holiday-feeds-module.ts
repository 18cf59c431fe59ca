import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { ClockToken } from '#kernel/tokens';
import { AuditTrail } from '#modules/audit';
import { SlaCalendars } from '#modules/sla';
import { ScopedDb } from '#platform/db/scoped-db';
import { defineModule, provide, worker } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { FetchFeed } from './fetch-feed.ts';
import {
  feedOfCalendarInput,
  feedView,
  HolidayFeeds,
  previewFeedInput,
  previewFeedView,
  refreshFeeds,
  subscribeInput,
} from './holiday-feeds.ts';

const MANAGE = 'sla.manage-rules';
const nothing = z.object({});

export const holidayFeedsModule = defineModule({
  name: 'holiday-feeds',
  tables: ['holiday_feed'],
  permissions: [],
  register(container) {
    provide(container, FetchFeed, (c) => {
      const allowed = c.resolve(SettingsToken).MAIL_PRIVATE_HOSTS.split(/[\s,]+/);
      return new FetchFeed({ allowed: allowed.filter((entry) => entry !== '') });
    });
    provide(
      container,
      HolidayFeeds,
      (c) =>
        new HolidayFeeds({
          db: c.resolve(ScopedDb),
          fetch: c.resolve(FetchFeed),
          calendars: c.resolve(SlaCalendars),
          audit: c.resolve(AuditTrail),
          clock: c.resolve(ClockToken),
        }),
    );
  },
  operations: (c) => ({
    listFeeds: defineQuery({
      name: 'holiday-feeds.list-feeds',
      permission: 'sla.read-rules',
      input: nothing,
      output: z.object({ items: z.array(feedView) }),
      rest: {
        method: 'GET',
        path: '/holiday-feeds',
        summary: 'Which calendars follow a holiday feed, and how that goes',
      },
      run: async (scope) => ({ items: await c.resolve(HolidayFeeds).list(scope) }),
    }),
    previewFeed: defineCommand({
      name: 'holiday-feeds.preview-feed',
      permission: MANAGE,
      input: previewFeedInput,
      output: previewFeedView,
      rest: { method: 'POST', path: '/holiday-feed-previews', summary: 'What a holiday feed says now' },
      run: (_scope, input) => c.resolve(HolidayFeeds).preview(input),
    }),
    subscribe: defineCommand({
      name: 'holiday-feeds.subscribe',
      permission: MANAGE,
      input: subscribeInput,
      output: nothing,
      rest: {
        method: 'PUT',
        path: '/sla-calendars/{calendarId}/feed',
        summary: 'Let a calendar follow a holiday feed',
      },
      run: async (scope, input) => {
        await c.resolve(HolidayFeeds).subscribe(scope, input);
        return {};
      },
    }),
    refresh: defineCommand({
      name: 'holiday-feeds.refresh',
      permission: MANAGE,
      input: feedOfCalendarInput,
      output: nothing,
      rest: { method: 'POST', path: '/sla-calendars/{calendarId}/feed/look', summary: 'Look at a calendar’s feed now' },
      run: async (scope, input) => {
        await c.resolve(HolidayFeeds).refresh(scope, input);
        return {};
      },
    }),
    unsubscribe: defineCommand({
      name: 'holiday-feeds.unsubscribe',
      permission: MANAGE,
      input: feedOfCalendarInput,
      output: nothing,
      rest: {
        method: 'DELETE',
        path: '/sla-calendars/{calendarId}/feed',
        summary: 'Let a calendar follow its feed no more',
      },
      run: async (scope, input) => {
        await c.resolve(HolidayFeeds).unsubscribe(scope, input);
        return {};
      },
    }),
  }),
  jobs: (c) => [worker(refreshFeeds, (scope) => c.resolve(HolidayFeeds).refreshDue(scope))],
});
