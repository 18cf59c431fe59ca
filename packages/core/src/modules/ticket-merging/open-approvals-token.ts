import type { InjectionToken } from 'tsyringe';
import type { OpenApprovals } from './merging-needs.ts';

/** Given at composition, from the module that asks for approvals. */
export const OpenApprovalsToken: InjectionToken<OpenApprovals> = Symbol('OpenApprovals');
