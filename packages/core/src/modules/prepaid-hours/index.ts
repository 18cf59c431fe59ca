/**
 * Hours that clients bought ahead: how much of them is used, carried over, lapsed and left, computed from the agreement's line and the time that was logged.
 * Owns no tables.
 */
export { prepaidHoursModule } from './prepaid-hours-module.ts';
export { BlockBalances } from './block-balances.ts';
