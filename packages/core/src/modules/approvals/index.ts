/**
 * Approvals of what is asked for on tickets, by contacts in the portal or by staff: one of them, all, or one after the other.
 * Owns: `approval` and all tables whose names begin with `approval_`.
 * Publishes: `approvals.approval-answered`.
 */
export { AnswerByLink, approvalStepIdSchema } from './answer-by-link.ts';
export { approvalsModule } from './approvals-module.ts';
export { ConcludeApproval } from './conclude-approval.ts';
export { approvalFields, RequestApproval } from './request-approval.ts';
