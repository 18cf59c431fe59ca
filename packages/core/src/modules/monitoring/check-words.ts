import type { EffectiveCheck } from './check-rules.ts';

/** What an alert says when a check fires: `filesystem.used_percent{mount="/"} has been above 90 for 10 min: 94.2`. */
export function breachMessage(check: EffectiveCheck, series: string, value: number): string {
  const duration = check.forSeconds === 0 ? '' : ` for ${inWords(check.forSeconds)}`;
  const verb = check.forSeconds === 0 ? 'is' : 'has been';
  return `${series} ${verb} ${check.comparison} ${plain(check.threshold)}${duration}: ${plain(value)}`;
}

export function recoveryMessage(check: EffectiveCheck, series: string, value: number): string {
  return `${series} is back at ${plain(value)}, ${check.comparison === 'above' ? 'not above' : 'not below'} ${plain(check.recoverThreshold)}`;
}

/** `600` → `10 min`. */
export function inWords(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function plain(value: number): string {
  return String(Math.round(value * 100) / 100);
}
