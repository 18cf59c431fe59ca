/**
 * What plugins do: actions with plans, approvals and a policy.
 * Owns: all tables whose names begin with `plugin_action_`.
 */
export { pluginActionsModule } from './plugin-actions-module.ts';
