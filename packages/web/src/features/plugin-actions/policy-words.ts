import type { inferRouterOutputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';

export type Policy = inferRouterOutputs<AppRouter>['plugin-actions']['getPolicy'];
export type Rule = Policy['rules'][number];
export type Hours = Policy['workingHours'];

interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export const RULE_EFFECTS: readonly Option<Rule['effects'][number]>[] = [
  { value: 'read', label: 'reading' },
  { value: 'create', label: 'creating' },
  { value: 'update', label: 'changing' },
  { value: 'delete', label: 'deleting' },
  { value: 'execute', label: 'acting on machines' },
];

export const RULE_BLASTS: readonly Option<Rule['blasts'][number]>[] = [
  { value: 'one', label: 'one thing' },
  { value: 'few', label: 'up to ten things' },
  { value: 'many', label: 'more than ten things' },
  { value: 'clients', label: 'more than one client' },
];

export const RULE_ACTORS: readonly Option<Rule['actors'][number]>[] = [
  { value: 'person', label: 'a person' },
  { value: 'automation', label: 'an automation' },
  { value: 'ai', label: 'an AI' },
];

export const RULE_DISRUPTIONS: readonly Option<Rule['disruptions'][number]>[] = [
  { value: 'none', label: 'nobody notices' },
  { value: 'brief', label: 'there is a brief disruption' },
  { value: 'outage', label: 'there is an outage' },
];

export const RULE_WINDOWS: readonly Option<Rule['window']>[] = [
  { value: 'any', label: 'At any time' },
  { value: 'working-hours', label: 'In working hours' },
  { value: 'outside-working-hours', label: 'Outside working hours' },
];

export const RULE_VERDICTS: readonly Option<Rule['verdict']>[] = [
  { value: 'run', label: 'runs at once' },
  { value: 'approve-1', label: 'needs one approval' },
  { value: 'approve-2', label: 'needs two approvals' },
  { value: 'deny', label: 'is denied' },
];

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
export const WEEK: readonly { readonly day: number; readonly label: string }[] = DAYS.map((label, index) => ({
  day: index + 1,
  label,
}));

/** A rule that is about to be written: it fits everything until it is narrowed. */
export const NEW_RULE: Rule = {
  effects: [],
  blasts: [],
  actors: [],
  disruptions: [],
  window: 'any',
  verdict: 'approve-1',
  note: '',
};

/** What a rule fits, as one reads it: "Deleting by an automation, reaching one thing, in working hours". */
export function conditionInWords(rule: Rule): string {
  const what = either(RULE_EFFECTS, rule.effects) ?? 'anything';
  const who = either(RULE_ACTORS, rule.actors);
  const parts = [
    capital(who === undefined ? what : `${what} by ${who}`),
    ...prefixed('reaching ', either(RULE_BLASTS, rule.blasts)),
    ...prefixed('where ', either(RULE_DISRUPTIONS, rule.disruptions)),
    ...(rule.window === 'any' ? [] : [labelOf(RULE_WINDOWS, rule.window).toLowerCase()]),
  ];
  return parts.join(', ');
}

export function verdictInWords(rule: Pick<Rule, 'verdict'>): string {
  return labelOf(RULE_VERDICTS, rule.verdict);
}

/** "Monday to Friday, 08:00 to 18:00". */
export function hoursInWords(hours: Hours): string {
  const days = hours.days.toSorted((a, b) => a - b);
  if (days.length === 0) return 'There are no working hours';
  const names = days.map((day) => DAYS[day - 1] ?? '');
  const isRow = days.length > 2 && days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1);
  const when = isRow ? `${names[0]} to ${names.at(-1)}` : list(names, 'and');
  return `${when}, ${hours.from} to ${hours.until}`;
}

/** The rules with one of them a place higher or lower; unchanged where there is no such place. */
export function movedRule(rules: readonly Rule[], index: number, step: -1 | 1): Rule[] {
  const [rule, other] = [rules[index], rules[index + step]];
  if (rule === undefined || other === undefined) return [...rules];
  return rules.with(index, other).with(index + step, rule);
}

/**
 * Rules that can never decide, for one above fits everything that they fit: by their index. A rule may be hidden by several together, which is not seen here.
 */
export function hiddenRules(rules: readonly Rule[]): readonly number[] {
  return rules.flatMap((rule, index) => (rules.slice(0, index).some((above) => covers(above, rule)) ? [index] : []));
}

function covers(above: Rule, rule: Rule): boolean {
  const isWider = (wide: readonly string[], narrow: readonly string[]): boolean =>
    wide.length === 0 || (narrow.length > 0 && narrow.every((value) => wide.includes(value)));
  return (
    isWider(above.effects, rule.effects) &&
    isWider(above.blasts, rule.blasts) &&
    isWider(above.actors, rule.actors) &&
    isWider(above.disruptions, rule.disruptions) &&
    (above.window === 'any' || above.window === rule.window)
  );
}

function either<Value extends string>(options: readonly Option<Value>[], chosen: readonly Value[]): string | undefined {
  if (chosen.length === 0 || chosen.length === options.length) return undefined;
  return list(
    options.filter(({ value }) => chosen.includes(value)).map(({ label }) => label),
    'or',
  );
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function labelOf<Value extends string>(options: readonly Option<Value>[], value: Value): string {
  return options.find((option) => option.value === value)?.label ?? value;
}

function prefixed(prefix: string, words: string | undefined): string[] {
  return words === undefined ? [] : [prefix + words];
}

function list(words: readonly string[], joint: 'and' | 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}
