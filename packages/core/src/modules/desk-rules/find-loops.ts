import { type Action, settingOf } from '#modules/rule-actions';
import type { MacroStep } from '#modules/replies';
import type { ChangedField, Condition } from '#modules/rule-conditions';
import type { RuleDefinition } from './rule-input.ts';

/** A rule as far as loops go. */
export interface LoopingRule {
  readonly id: string;
  readonly name: string;
  readonly definition: RuleDefinition;
}

/** Rules that set off each other in a ring, each changing what another set. */
export interface RuleLoop {
  /** In the order in which they follow each other; the first follows the last. */
  readonly rules: readonly LoopingRule[];
  readonly field: ChangedField;
  /** True where nothing but the field decides: the rules go round on every ticket that meets one of them. */
  readonly isCertain: boolean;
}

interface Setting {
  readonly rule: LoopingRule;
  readonly field: ChangedField;
  readonly to: string | null;
}

/** Longer rings exist, and run into the guard at run time; looking for them would take long with a thousand rules. */
const MAX_RING = 4;
/** Settings of one field that are looked at: a ring among more than these is found when it turns. */
const MAX_LOOKED_AT = 300;

/**
 * Rings of active rules in which a field goes from value to value and comes back, as far as triggers and the conditions on that field tell. `among` may hold the rule itself;
 * its own definition counts. What a rule sets by a macro is told by `macros`, its steps by id.
 */
export function findLoops(
  rule: LoopingRule,
  among: readonly LoopingRule[],
  macros: MacroSteps = new Map(),
): RuleLoop[] {
  const all = [rule, ...among.filter((other) => other.id !== rule.id)];
  const loops: RuleLoop[] = [];
  const settled = all.flatMap((one) => settingsOf(one, macros));
  for (const own of settled.filter((one) => one.rule === rule)) {
    const settings = settled.filter((one) => one.field === own.field);
    const ring = shortestRing(own, settings.slice(0, MAX_LOOKED_AT));
    if (ring !== null)
      loops.push({ rules: ring.map((one) => one.rule), field: own.field, isCertain: ring.every((one) => isBare(one)) });
  }
  return loops;
}

/** Breadth first, so that the ring that is named is the shortest. */
function shortestRing(start: Setting, settings: readonly Setting[]): Setting[] | null {
  let paths: Setting[][] = [[start]];
  const seen = new Set<Setting>([start]);
  for (let length = 1; length <= MAX_RING; length += 1) {
    const longer: Setting[][] = [];
    for (const path of paths) {
      const last = path.at(-1) ?? start;
      // A ring of one value stands still: the second time round there is nothing to set.
      if (path.some((one) => one.to !== start.to) && isSetOffBy(start, last)) return path;
      for (const next of settings) {
        if (seen.has(next) || next.to === last.to || !isSetOffBy(next, last)) continue;
        seen.add(next);
        longer.push([...path, next]);
      }
    }
    paths = longer;
  }
  return null;
}

/** Whether a rule's setting follows from another's: its trigger hears it, and its conditions on the field let it. */
function isSetOffBy(next: Setting, cause: Setting): boolean {
  const { when, if: conditions } = next.rule.definition;
  const hears =
    (when.kind === 'changed' &&
      when.field === cause.field &&
      (when.to.length === 0 || (cause.to !== null && when.to.includes(cause.to)))) ||
    (when.kind === 'time' && when.since === 'status' && cause.field === 'status');
  if (!hears) return false;
  const groups = conditions.groups.map((group) => {
    const may = group.conditions.map((condition) => mayHold(condition, cause));
    return group.match === 'all' ? may.every(Boolean) : may.some(Boolean);
  });
  return groups.length === 0 || (conditions.match === 'all' ? groups.every(Boolean) : groups.some(Boolean));
}

/** False only where the condition is on the field that was set and refuses what it was set to. */
function mayHold(condition: Condition, cause: Setting): boolean {
  if (condition.field !== cause.field || !('values' in condition)) return true;
  const isIn = condition.values.map(String).includes(cause.to ?? '');
  switch (condition.op) {
    case 'is':
      return cause.to !== null && isIn;
    case 'is-not':
      return cause.to === null || !isIn;
    case 'is-empty':
      return cause.to === null;
    case 'is-set':
      return cause.to !== null;
    default:
      return true;
  }
}

function isBare(setting: Setting): boolean {
  const { when, if: conditions } = setting.rule.definition;
  const isOnField = conditions.groups.every((group) =>
    group.conditions.every((condition) => condition.field === setting.field),
  );
  return isOnField && (when.kind !== 'changed' || when.from.length === 0);
}

type MacroSteps = ReadonlyMap<string, readonly MacroStep[]>;

function settingsOf(rule: LoopingRule, macros: MacroSteps): Setting[] {
  return rule.definition.actions.flatMap((action: Action) => {
    if (action.do === 'run-macro')
      return (macros.get(action.macroId) ?? []).flatMap((step) => {
        const setting = settingOfStep(step);
        return setting === null ? [] : [{ rule, ...setting }];
      });
    const setting = settingOf(action);
    return setting === null ? [] : [{ rule, ...setting }];
  });
}

/** The field that a step of a macro sets and to what; null for one that writes, or that no rule can run. */
function settingOfStep(step: MacroStep): Pick<Setting, 'field' | 'to'> | null {
  switch (step.kind) {
    case 'status':
      return { field: 'status', to: step.status };
    case 'priority':
      return { field: 'priority', to: String(step.priority) };
    case 'assign':
      return { field: 'assignee', to: step.staffId };
    case 'queue':
      return { field: 'queue', to: step.queueId };
    default:
      return null;
  }
}
