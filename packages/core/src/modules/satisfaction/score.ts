/** From 1, the worst, to 5. */
export const SCORES = [
  { score: 1, face: '😠', word: 'Bad' },
  { score: 2, face: '🙁', word: 'Poor' },
  { score: 3, face: '😐', word: 'All right' },
  { score: 4, face: '🙂', word: 'Good' },
  { score: 5, face: '😀', word: 'Excellent' },
] as const;

/** Satisfied is who said good or excellent; neither who did not answer nor who was in between. */
const SATISFIED_FROM = 4;

/** How many were asked, how many answered, and what share of those who answered is satisfied, in whole percent; null where nobody answered. */
export function satisfactionOf(
  asked: number,
  byScore: readonly number[],
): {
  asked: number;
  answered: number;
  satisfied: number;
  satisfiedPercent: number | null;
} {
  const answered = byScore.reduce((sum, count) => sum + count, 0);
  const satisfied = byScore.slice(SATISFIED_FROM - 1).reduce((sum, count) => sum + count, 0);
  return {
    asked,
    answered,
    satisfied,
    satisfiedPercent: answered === 0 ? null : Math.round((satisfied * 100) / answered),
  };
}

/** For so long after the first answer it may be changed. */
const CHANGEABLE_DAYS = 7;
/** For so long a link works. */
export const LINK_DAYS = 30;

/** Whether an answer first given then may not be changed any more. */
export function isOver(ratedAt: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return ratedAt !== null && Temporal.Instant.compare(now, ratedAt.add({ hours: CHANGEABLE_DAYS * 24 })) > 0;
}
