/**
 * What contacts thought of how their tickets were resolved: asked by mail, answered by one click, changeable for a week.
 * Owns: `satisfaction_rating`, `satisfaction_setting`.
 */
export { satisfactionModule } from './satisfaction-module.ts';
export { RateByLink, ratingIdSchema } from './rate-by-link.ts';
export { SCORES } from './score.ts';
export { RatingQueries } from './rating-queries.ts';
export type { RatingId } from './satisfaction-table.ts';
