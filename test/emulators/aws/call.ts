import type { Principal } from './access-keys.ts';
import { faultOf, type Protocol } from './errors.ts';
import type { Pages } from './paging.ts';
import type { Account } from './world.ts';

/** A call that was signed rightly: by whom, in which region, on which account. */
export interface Call {
  readonly principal: Principal;
  readonly account: Account;
  readonly region: string;
  readonly protocol: Protocol;
  readonly pages: Pages;
  readonly now: Temporal.Instant;
}

/** Refuses where the policy of the role (or, for the user of the management account, `userDenied`) does not allow the action. */
export function authorize(call: Call, action: string, userDenied: ReadonlySet<string>): void {
  const denied = call.principal.roleName === undefined ? userDenied : call.account.role?.deniedActions;
  if (call.account.status === 'ACTIVE' && denied !== undefined && !denied.has(action)) return;
  throw faultOf(
    call.protocol,
    'denied',
    `User: ${call.principal.arn} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
  );
}

/** Names a list for page tokens: the same question by the same account in the same region. */
export function listName(call: Call, action: string, ...question: readonly string[]): string {
  return [call.account.id, call.region, action, ...question].join('\n');
}
