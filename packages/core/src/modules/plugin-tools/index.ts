/**
 * Plugins' actions as tools for programs: what each is called, which input it takes, and which hints it carries. Hints never authorise: a tool does what plugin-actions lets it.
 * Owns no table.
 */
export { ActionTools } from './action-tools.ts';
export { pluginToolsModule } from './plugin-tools-module.ts';
