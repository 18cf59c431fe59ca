/**
 * Calendars that subscribe to an iCalendar feed: fetched by https at intervals, and taken in as a new version of the calendar where the feed says something else.
 * Owns: `holiday_feed`.
 */
export { holidayFeedsModule } from './holiday-feeds-module.ts';
