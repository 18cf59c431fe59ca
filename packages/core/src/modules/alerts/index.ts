/**
 * Alerts: what is wrong now, one open alert for each problem, and what happened to it.
 * Owns: `alert`, `alert_event`. Gives monitoring its `BreachSink`.
 * Publishes: `alerts.alert-raised`, `alerts.alert-acknowledged`, `alerts.alert-recovered`.
 */
export { alertsModule } from './alerts-module.ts';
export { alertAcknowledged, alertRaised, alertRecovered } from './alert-events.ts';
export { AlertQueries } from './alert-queries.ts';
export type { AlertId } from './alert-table.ts';
export { alertIdSchema, type AlertDetailView, type AlertView } from './alert-view.ts';
export { RaiseAlert, type RaiseAlertInput } from './raise-alert.ts';
export { RecoverAlert, type RecoverAlertInput } from './recover-alert.ts';
