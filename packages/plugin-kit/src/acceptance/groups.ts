import type { CheckGroup } from './check.ts';
import { connectionChecks } from './connection-checks.ts';
import { packageChecks } from './package-checks.ts';
import { scopeChecks } from './scope-checks.ts';
import { syncChecks } from './sync-checks.ts';

/** All checks, in the order in which they run. */
export const groups: readonly CheckGroup[] = [packageChecks, connectionChecks, scopeChecks, syncChecks];
