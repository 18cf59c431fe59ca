/**
 * Which plugins an MSP has: packed files and who signed them, consent, versions, roll-back. What they do with their connections is `plugin-host`.
 * Owns: `plugin`, `plugin_version`, `plugin_package`, `plugin_publisher`.
 */
export { pluginsModule } from './plugins-module.ts';
export { InstalledPlugins, type InstalledPlugin } from './installed-plugins.ts';
export { pluginIdSchema, type PluginId, type PluginTables, type PluginVersionId } from './plugin-table.ts';
