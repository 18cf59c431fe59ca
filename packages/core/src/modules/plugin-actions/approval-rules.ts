import type { ActionEffect, ActionPlan } from '@bailiwick/sdk';
import { z } from 'zod';
import { text } from '#kernel/text';
import { BLASTS, blastInWords, blastOf, type BlastRadius } from './blast-radius.ts';

const EFFECTS = ['read', 'create', 'update', 'delete', 'execute'] as const satisfies readonly ActionEffect[];

/** Who asks: a member of staff, something that acts by itself, or an artificial intelligence. */
export const ACTOR_KINDS = ['person', 'automation', 'ai'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export const VERDICTS = ['run', 'approve-1', 'approve-2', 'deny'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One row of the policy; empty lists mean any. The first rule that fits decides. */
export const actionRule = z.object({
  effects: z.array(z.enum(EFFECTS)).max(EFFECTS.length).default([]),
  blasts: z.array(z.enum(BLASTS)).max(BLASTS.length).default([]),
  actors: z.array(z.enum(ACTOR_KINDS)).max(ACTOR_KINDS.length).default([]),
  disruptions: z
    .array(z.enum(['none', 'brief', 'outage']))
    .max(3)
    .default([]),
  window: z.enum(['any', 'working-hours', 'outside-working-hours']).default('any'),
  verdict: z.enum(VERDICTS),
  /** The reason, as people read it. */
  note: text({ max: 200 }),
});
export type ActionRule = z.output<typeof actionRule>;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time such as 08:30' });

/** When the MSP's people are at work, in the MSP's own time zone. */
export const workingHours = z.object({
  /** ISO 8601: 1 is Monday. */
  days: z.array(z.int().min(1).max(7)).max(7),
  from: time,
  until: time,
});
export type WorkingHours = z.output<typeof workingHours>;

export const DEFAULT_HOURS: WorkingHours = { days: [1, 2, 3, 4, 5], from: '08:00', until: '18:00' };

const any = { effects: [], blasts: [], actors: [], disruptions: [], window: 'any' } as const;
const rule = (fields: Partial<ActionRule> & Pick<ActionRule, 'verdict' | 'note'>): ActionRule =>
  actionRule.parse({ ...any, ...fields });

/** What holds until an MSP writes its own: reading is free, one thing is one person's, the rest takes a second pair of eyes. */
export const DEFAULT_RULES: readonly ActionRule[] = [
  rule({ effects: ['read'], verdict: 'run', note: 'Reading changes nothing.' }),
  rule({ actors: ['ai'], blasts: ['clients', 'many'], verdict: 'deny', note: 'An AI does not touch many at once.' }),
  rule({ actors: ['ai'], verdict: 'approve-1', note: 'What an AI asks for, a person approves.' }),
  rule({
    actors: ['automation'],
    effects: ['create', 'update'],
    blasts: ['one'],
    disruptions: ['none'],
    verdict: 'run',
    note: 'A small change without disruption may run by itself.',
  }),
  rule({ actors: ['automation'], effects: ['delete'], verdict: 'deny', note: 'Nothing deletes by itself.' }),
  rule({ actors: ['automation'], verdict: 'approve-1', note: 'What acts by itself needs a person for more.' }),
  rule({ blasts: ['clients'], verdict: 'approve-2', note: 'It reaches more than one client.' }),
  rule({ effects: ['delete', 'execute'], blasts: ['many'], verdict: 'approve-2', note: 'It reaches many at once.' }),
  rule({ blasts: ['many'], verdict: 'approve-1', note: 'It reaches many at once.' }),
  rule({ effects: ['delete'], verdict: 'approve-1', note: 'What is deleted is gone.' }),
  rule({
    disruptions: ['outage'],
    blasts: ['few'],
    window: 'working-hours',
    verdict: 'approve-1',
    note: 'People would notice an outage while they work.',
  }),
  rule({ blasts: ['one', 'few'], verdict: 'run', note: 'It reaches few.' }),
];

/** What is judged. */
export interface Judged {
  readonly effect: ActionEffect;
  readonly blast: BlastRadius;
  readonly disruption: ActionPlan['disruption'];
  readonly actor: ActorKind;
  /** In the MSP's time zone. */
  readonly at: Temporal.ZonedDateTime;
}

/** The verdict of the first rule that fits, and why in a sentence. What no rule speaks of is denied. */
export function judge(
  rules: readonly ActionRule[],
  hours: WorkingHours,
  judged: Judged,
): { readonly verdict: Verdict; readonly why: string } {
  const blast = blastOf(judged.blast);
  const window = isWorkingTime(hours, judged.at) ? 'working-hours' : 'outside-working-hours';
  const fits = (given: readonly string[], value: string): boolean => given.length === 0 || given.includes(value);
  const index = rules.findIndex(
    (candidate) =>
      fits(candidate.effects, judged.effect) &&
      fits(candidate.blasts, blast) &&
      fits(candidate.actors, judged.actor) &&
      fits(candidate.disruptions, judged.disruption) &&
      (candidate.window === 'any' || candidate.window === window),
  );
  const found = rules[index];
  const reaches = `It reaches ${blastInWords(judged.blast)}.`;
  if (found === undefined) return { verdict: 'deny', why: `No rule speaks of this, so it is denied. ${reaches}` };
  return {
    verdict: found.verdict,
    why: `${WORDS[found.verdict]}: ${found.note.replace(/\.$/, '')} (rule ${index + 1}). ${reaches}`,
  };
}

const WORDS: Readonly<Record<Verdict, string>> = {
  run: 'May run',
  'approve-1': 'Needs one approval',
  'approve-2': 'Needs two approvals',
  deny: 'Denied',
};

/** How many others must approve. */
export function approvalsFor(verdict: Verdict): number {
  return verdict === 'approve-2' ? 2 : verdict === 'approve-1' ? 1 : 0;
}

/** Whether people are at work then; `until` before `from` is a shift over midnight. */
export function isWorkingTime(hours: WorkingHours, at: Temporal.ZonedDateTime): boolean {
  const clock = at.toPlainTime().toString().slice(0, 5);
  const isOverMidnight = hours.until < hours.from;
  const isIn = isOverMidnight ? clock >= hours.from || clock < hours.until : clock >= hours.from && clock < hours.until;
  const day = isOverMidnight && clock < hours.until ? at.subtract({ days: 1 }).dayOfWeek : at.dayOfWeek;
  return isIn && hours.days.includes(day);
}
