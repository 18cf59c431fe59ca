import { VendorBug, type RecordUpsert } from '@bailiwick/sdk';
import { api, type AlertmanagerContext } from './config.ts';

/** What the API and the webhook both say of an alert. */
export interface Alert {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly generatorURL?: string;
}

/** An alert that is not resolved, as the API gives it. */
export interface CurrentAlert extends Alert {
  readonly status: { readonly state: string; readonly silencedBy: readonly string[] };
}

/** A record with the scope that it belongs to. */
export type ScopedAlert = RecordUpsert<'alert'> & { readonly scope: string };

/** All that are not resolved, silenced and inhibited ones too. */
export async function listAlerts(ctx: AlertmanagerContext): Promise<readonly CurrentAlert[]> {
  const alerts = await ctx.http.get(api(ctx, 'alerts'));
  if (!Array.isArray(alerts)) throw new VendorBug('The list of alerts is no list.');
  return alerts;
}

/** The record of an alert; none where the label that names the customer is missing. */
export function toRecord(
  alert: Alert,
  ctx: AlertmanagerContext,
  now: Pick<RecordUpsert<'alert'>['data'], 'state' | 'recoveredAt'>,
): ScopedAlert[] {
  const { labels, annotations, generatorURL } = alert;
  const scope = labels[ctx.config.scopeLabel] ?? '';
  if (scope === '') return [];
  const name = labels['alertname'] ?? 'Alert';
  const data = {
    ...now,
    title: cut(annotations['summary']?.replaceAll(/\s+/gu, ' ').trim(), 300) ?? cut(name, 300) ?? 'Alert',
    message: cut(annotations['description'] ?? annotations['message'], 10_000),
    severity: severityOf(labels['severity']),
    openedAt: alert.startsAt,
    url: generatorURL !== undefined && /^https?:\/\/[^\s@]{1,1900}$/u.test(generatorURL) ? generatorURL : undefined,
    labels: Object.fromEntries(Object.entries(labels).filter(([, value]) => typeof value === 'string')),
  };
  return [{ id: alert.fingerprint, scope, data }];
}

const cut = (text: string | undefined, max: number): string | undefined =>
  text?.slice(0, max).toWellFormed() || undefined;

// Alertmanager knows no severities; these are the words that rules use.
function severityOf(word: string | undefined): 'info' | 'warning' | 'critical' {
  if (/^(?:critical|crit|page|emergency|fatal|error|disaster|high|p1)$/iu.test(word ?? '')) return 'critical';
  return /^(?:info|informational|notice|none|low|debug)$/iu.test(word ?? '') ? 'info' : 'warning';
}
