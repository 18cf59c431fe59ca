/**
 * What plugins do and are told: actions with plans, approvals and a policy; deliveries from vendors; events for subscribers; pages of plugins.
 * Owns: `plugin_action_*`, `plugin_webhook`, `plugin_delivery`, `plugin_delivery_key`, `plugin_event_delivery`.
 */
export { pluginActionsModule } from './plugin-actions-module.ts';
