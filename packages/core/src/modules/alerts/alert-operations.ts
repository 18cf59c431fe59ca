import { z } from 'zod';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { acknowledgeAlertInput, type AcknowledgeAlert } from './acknowledge-alert.ts';
import { countAlertsInput, getAlertInput, listAlertsInput, type AlertQueries } from './alert-queries.ts';
import { alertDetailView, alertView } from './alert-view.ts';

interface Needs {
  readonly alerts: AlertQueries;
  readonly acknowledge: AcknowledgeAlert;
}

/** What the outside may ask of this module. */
export function alertOperations({ alerts, acknowledge }: Needs) {
  return {
    listAlerts: defineQuery({
      name: 'alerts.list-alerts',
      permission: 'alerts.read-alerts',
      input: listAlertsInput,
      output: pageOf(alertView),
      rest: {
        method: 'GET',
        path: '/alerts',
        summary: 'Alerts, the newest first; without a filter those that are active',
      },
      run: (scope, input) => alerts.list(scope, input),
    }),
    getAlert: defineQuery({
      name: 'alerts.get-alert',
      permission: 'alerts.read-alerts',
      input: getAlertInput,
      output: alertDetailView,
      rest: { method: 'GET', path: '/alerts/{alertId}', summary: 'One alert with its timeline' },
      run: (scope, input) => alerts.get(scope, input.alertId),
    }),
    countAlerts: defineQuery({
      name: 'alerts.count-alerts',
      permission: 'alerts.read-alerts',
      input: countAlertsInput,
      output: z.object({ info: z.int(), warning: z.int(), critical: z.int(), acknowledged: z.int() }),
      rest: { method: 'GET', path: '/alert-counts', summary: 'How many alerts are active, by severity' },
      run: (scope, input) => alerts.count(scope, input),
    }),
    acknowledgeAlert: defineCommand({
      name: 'alerts.acknowledge-alert',
      permission: 'alerts.acknowledge-alert',
      input: acknowledgeAlertInput,
      output: z.object({ version: z.int() }),
      rest: {
        method: 'POST',
        path: '/alerts/{alertId}/acknowledge',
        summary: 'Say that a person looks after an alert',
      },
      run: (scope, input) => acknowledge.run(scope, input),
    }),
  };
}
