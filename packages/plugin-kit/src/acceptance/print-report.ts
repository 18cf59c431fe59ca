import { styleText } from 'node:util';
import { cut } from '../live/table.ts';
import type { AcceptanceReport, CheckReport, Outcome } from './report.ts';

const marks: Readonly<Record<Outcome, string>> = { pass: '✓', fail: '✗', 'not-applicable': '–', exempt: '○' };
const colours = { pass: 'green', fail: 'red', 'not-applicable': 'gray', exempt: 'yellow' } as const;

/** Enough to know a reason again that was told in full above. */
const REMINDER_LENGTH = 60;

/** The report as a terminal shows it; colours where the terminal has them. A reason that many checks fail for is told once. */
export function printReport(report: AcceptanceReport): string {
  const told = new Set<string>();
  const groups = [...new Set(report.checks.map(({ group }) => group))];
  const body = groups.flatMap((group) => [
    '',
    styleText('bold', group),
    ...report.checks.filter((check) => check.group === group).map((check) => printCheck(check, told)),
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

function printCheck(check: CheckReport, told: Set<string>): string {
  const { name, tier, outcome, promise } = check;
  const mark = styleText(colours[outcome], marks[outcome]);
  const line = `  ${mark} ${name.padEnd(32)} ${styleText('gray', tier.padEnd(6))} ${promise}`;
  const reason = outcome === 'pass' ? '' : reasonOf(check, told);
  return reason === '' ? line : `${line}\n      ${styleText(colours[outcome], reason.replaceAll('\n', '\n      '))}`;
}

/** Its first line is what was seen; further lines are what may have led to it. */
function reasonOf({ outcome, reason }: CheckReport, told: Set<string>): string {
  if (outcome !== 'fail') return reason;
  const [seen = ''] = reason.split('\n', 1);
  if (told.has(seen)) return `as above: ${cut(seen, REMINDER_LENGTH)}`;
  told.add(seen);
  return reason;
}
