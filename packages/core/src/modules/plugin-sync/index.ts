/**
 * What plugins read: streams and their passes, records with history, and how records reach assets, alerts and metrics.
 * Owns: `plugin_stream`, `plugin_pass_page`, `plugin_run`, `plugin_entity`, `plugin_entity_version`.
 */
export { pluginSyncModule } from './plugin-sync-module.ts';
export { DeliverBatch, type DeliverBatchInput, type Delivered } from './deliver-batch.ts';
export { entityIdSchema } from './entity.ts';
export { EntityQueries } from './record-queries.ts';
export { StartStreams } from './start-streams.ts';
export type { EntityId, StreamId } from './sync-table.ts';
export { recordView, type RecordView } from './sync-view.ts';
