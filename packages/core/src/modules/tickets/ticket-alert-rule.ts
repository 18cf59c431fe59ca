import type { Selectable } from 'kysely';
import type { ClientId } from '#kernel/id';
import type { AlertSeverity, TicketTables } from './ticket-table.ts';

export type AlertRule = Selectable<TicketTables['ticket_alert_rule']>;

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const satisfies readonly AlertSeverity[];

/** The first rule, in their order, that makes a ticket of an alert: severe enough, and of a client that the rule names (none named is every client). */
export function matchingRule(
  rules: readonly AlertRule[],
  alert: { clientId: ClientId; severity: AlertSeverity },
): AlertRule | null {
  const rank = ALERT_SEVERITIES.indexOf(alert.severity);
  return (
    rules.find(
      (rule) =>
        rank >= ALERT_SEVERITIES.indexOf(rule.min_severity) &&
        (rule.client_ids.length === 0 || rule.client_ids.includes(alert.clientId)),
    ) ?? null
  );
}
