/**
 * Problem records: the cause behind incidents, what helps meanwhile, and the list of known errors.
 * Owns: `problem_record`.
 */
export { problemsModule } from './problems-module.ts';
export { ProblemRecords } from './problem-records.ts';
