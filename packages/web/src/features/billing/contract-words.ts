import type { ContractDetail } from './billing-words.ts';

type Line = ContractDetail['lines'][number];

/** What a contract's line counts, and how, in plain words. */
export function lineText(line: Line, hasCalendar: boolean): string {
  if (line.kind === 'per-device')
    return line.deviceKinds.length === 0 ? 'Counts every device.' : `Counts ${line.deviceKinds.join(', ')}.`;
  if (line.kind === 'flat') return `${line.quantity} each period${includedText(line, hasCalendar)}.`;
  if (line.kind === 'block-hours') return `${blockText(line)} ${countedText(line, hasCalendar)}`;
  if (line.billablePercent === 0) return `${sentence(line.workTypes)} is not charged.`;
  return countedText(line, hasCalendar);
}

function countedText(line: Line, hasCalendar: boolean): string {
  return `For ${line.workTypes.join(', ')} work; ${ruleTexts(line, hasCalendar).join(', ')}.`;
}

function blockText(line: Line): string {
  const { rolloverPeriods: periods } = line;
  const carried =
    periods === 0
      ? 'unused ones lapse'
      : `unused ones can be drawn for ${periods} more ${periods === 1 ? 'period' : 'periods'}`;
  return `${line.quantity} h each period; ${carried}.`;
}

function includedText(line: Line, hasCalendar: boolean): string {
  if (line.workTypes.length === 0) return '';
  const hours = hasCalendar && !line.coversAfterHours ? ' in business hours' : '';
  return `; ${line.workTypes.join(', ')} work is included${hours}`;
}

const ROUNDED = { up: 'rounded up to', down: 'rounded down to', nearest: 'rounded to the nearest' } as const;

function ruleTexts(line: Line, hasCalendar: boolean): string[] {
  if (line.charge === 'per-entry') return ['once for each entry, however long'];
  const rules = [
    ...(line.billablePercent === 100 ? [] : [`${line.billablePercent} % of it counts`]),
    ...(line.roundToMinutes > 1 ? [`${ROUNDED[line.rounding]} ${line.roundToMinutes} min`] : []),
    ...(line.minimumMinutes > 0 ? [`at least ${line.minimumMinutes} min`] : []),
    ...(line.maximumMinutes === null ? [] : [`at most ${line.maximumMinutes} min`]),
    ...(hasCalendar && line.afterHoursPercent > 100 ? [`after hours ×${line.afterHoursPercent / 100}`] : []),
    ...(hasCalendar && line.holidayPercent !== null ? [`on holidays ×${line.holidayPercent / 100}`] : []),
  ];
  return rules.length === 0 ? ['as worked'] : rules;
}

function sentence(workTypes: readonly string[]): string {
  const words = `${workTypes.join(', ')} work`;
  return `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
}
