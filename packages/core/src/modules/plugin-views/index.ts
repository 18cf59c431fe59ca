/**
 * Pages that plugins show in the console: which stand where, drawn on demand, and frames where blocks do not suffice.
 * Owns no table: nothing that a view draws is kept.
 */
export { FramePages } from './frame-pages.ts';
export { pluginViewsModule } from './plugin-views-module.ts';
