import { actionChecks } from './checks/action-checks.ts';
import type { CheckGroup } from './check.ts';
import { connectionChecks } from './checks/connection-checks.ts';
import { faultChecks } from './checks/fault-checks.ts';
import { lifecycleChecks } from './checks/lifecycle-checks.ts';
import { loadChecks } from './checks/load-checks.ts';
import { packageChecks } from './checks/package-checks.ts';
import { scopeChecks } from './checks/scope-checks.ts';
import { secretChecks } from './checks/secret-checks.ts';
import { surfaceChecks } from './checks/surface-checks.ts';
import { syncChecks } from './checks/sync-checks.ts';
import { webhookChecks } from './checks/webhook-checks.ts';

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
