/**
 * “What if”: past tickets, judged once more as if another SLA policy had held. Nothing about them changes; what it came to is kept.
 * Owns: `what_if` and all tables whose names begin with `what_if_`.
 */
export { whatIfModule } from './what-if-module.ts';
