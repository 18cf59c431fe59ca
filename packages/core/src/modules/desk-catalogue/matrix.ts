/** 1 is the widest or the most pressing. */
export type Level = 1 | 2 | 3;
/** P1 to P4. */
export type Priority = 1 | 2 | 3 | 4;

export interface Matrix {
  /** Impact 1 with urgency 1, 2 and 3; then impact 2; then impact 3. */
  readonly cells: readonly number[];
  /** By how many priorities the ticket of a VIP is raised; none is raised above P1. */
  readonly vipSteps: number;
}

/** Until an MSP sets its own: high and high is P1, each step down in either is one priority less, nothing is below P4, and a VIP is raised by one. */
export const DEFAULT_MATRIX: Matrix = { cells: [1, 2, 3, 2, 3, 4, 3, 4, 4], vipSteps: 1 };

const LEVELS: Readonly<Record<Level, string>> = { 1: 'high', 2: 'medium', 3: 'low' };

/** The priority of a ticket by the matrix, and why in words: `high impact × medium urgency: P2; raised to P1 for a VIP`. */
export function rate(
  matrix: Matrix,
  ticket: { readonly impact: Level; readonly urgency: Level; readonly isVip: boolean },
): { priority: Priority; reason: string } {
  const { impact, urgency, isVip } = ticket;
  const plain = priorityOf(matrix.cells[(impact - 1) * 3 + urgency - 1]);
  const raised = priorityOf(Math.max(1, plain - (isVip ? matrix.vipSteps : 0)));
  const words = `${LEVELS[impact]} impact × ${LEVELS[urgency]} urgency: P${plain}`;
  return { priority: raised, reason: raised === plain ? words : `${words}; raised to P${raised} for a VIP` };
}

function priorityOf(value: number | undefined): Priority {
  if (value === 1 || value === 2 || value === 3) return value;
  return 4;
}
