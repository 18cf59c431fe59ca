import { styleText } from 'node:util';
import type { AcceptanceReport, CheckReport, Outcome } from './report.ts';

const marks: Readonly<Record<Outcome, string>> = { pass: '✓', fail: '✗', 'not-applicable': '–', exempt: '○' };
const colours = { pass: 'green', fail: 'red', 'not-applicable': 'gray', exempt: 'yellow' } as const;

/** The report as a terminal shows it; colours where the terminal has them. */
export function printReport(report: AcceptanceReport): string {
  const groups = [...new Set(report.checks.map(({ group }) => group))];
  const body = groups.flatMap((group) => [
    '',
    styleText('bold', group),
    ...report.checks.filter((check) => check.group === group).map(printCheck),
  ]);
  const count = (outcome: Outcome): number => report.checks.filter((check) => check.outcome === outcome).length;
  const counts = [
    `${count('pass')} passed`,
    `${count('fail')} failed`,
    ...(count('exempt') > 0 ? [`${count('exempt')} excused`] : []),
    `${count('not-applicable')} not applicable`,
  ];
  return [
    `${report.plugin} ${report.version}`,
    ...body,
    '',
    `${counts.join(', ')} in ${(report.ms / 1000).toFixed(1)} s`,
    styleText('bold', `Tier: ${report.tier}`),
    '',
  ].join('\n');
}

function printCheck({ name, tier, outcome, promise, reason }: CheckReport): string {
  const mark = styleText(colours[outcome], marks[outcome]);
  const line = `  ${mark} ${name.padEnd(32)} ${styleText('gray', tier.padEnd(6))} ${promise}`;
  const isTold = reason !== '' && outcome !== 'pass';
  return isTold ? `${line}\n      ${styleText(colours[outcome], reason.replaceAll('\n', '\n      '))}` : line;
}
