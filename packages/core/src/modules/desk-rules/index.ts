/**
 * Rules of the service desk: when something happens to a ticket, or time has passed, and it is of a kind, then something is done; with a log of what ran and why.
 * Owns: all tables whose names begin with `desk_rule` or `desk_dry_run`.
 */
export { deskRulesModule } from './desk-rules-module.ts';
export { MakeRuleScopeToken } from './make-rule-scope-token.ts';
