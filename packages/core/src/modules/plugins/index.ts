/**
 * Which plugins an MSP has: packed files and who signed them, consent, versions, roll-back. What they do with their connections is `plugin-host`.
 * Owns: `plugin`, `plugin_version`, `plugin_package`, `plugin_publisher`.
 * Publishes: `plugins.plugin-changed`.
 */
export { pluginsModule } from './plugins-module.ts';
export { InstalledPlugins, type InstalledPlugin } from './installed-plugins.ts';
export type { CatalogueEntry, PluginCatalogue } from './plugin-catalogue.ts';
export { PluginCatalogueToken } from './plugin-catalogue-token.ts';
export { pluginChanged } from './plugin-events.ts';
export { PluginPackages } from './plugin-packages.ts';
export { pluginIdSchema, type PluginId, type PluginTables, type PluginVersionId } from './plugin-table.ts';
export { PluginUseToken } from './plugin-use-token.ts';
export type { PluginUse } from './plugins-needs.ts';
