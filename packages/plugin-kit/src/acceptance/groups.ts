import { actionChecks } from './action-checks.ts';
import type { CheckGroup } from './check.ts';
import { connectionChecks } from './connection-checks.ts';
import { faultChecks } from './fault-checks.ts';
import { lifecycleChecks } from './lifecycle-checks.ts';
import { loadChecks } from './load-checks.ts';
import { packageChecks } from './package-checks.ts';
import { scopeChecks } from './scope-checks.ts';
import { secretChecks } from './secret-checks.ts';
import { surfaceChecks } from './surface-checks.ts';
import { syncChecks } from './sync-checks.ts';
import { webhookChecks } from './webhook-checks.ts';

/** All checks, in the order in which they run; the last two look at what the others brought to light. */
export const groups: readonly CheckGroup[] = [
  packageChecks,
  connectionChecks,
  scopeChecks,
  syncChecks,
  faultChecks,
  actionChecks,
  webhookChecks,
  surfaceChecks,
  loadChecks,
  lifecycleChecks,
  secretChecks,
];
