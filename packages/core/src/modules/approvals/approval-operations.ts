import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { answerApprovalInput, type AnswerApproval } from './answer-approval.ts';
import {
  approvalView,
  listTicketApprovalsInput,
  portalApprovalView,
  type ApprovalQueries,
} from './approval-queries.ts';
import { requestApprovalInput, withdrawApprovalInput, type RequestApproval } from './request-approval.ts';

interface Needs {
  readonly queries: ApprovalQueries;
  readonly request: RequestApproval;
  readonly answer: AnswerApproval;
}

const READ = 'approvals.read-approvals';
const REQUEST = 'approvals.request-approval';
const PORTAL = 'approvals.decide-in-portal';

/** What staff and contacts do with approvals. */
export function approvalOperations({ queries, request, answer }: Needs) {
  return {
    listTicketApprovals: defineQuery({
      name: 'approvals.list-ticket-approvals',
      permission: READ,
      input: listTicketApprovalsInput,
      output: z.object({ items: z.array(approvalView) }),
      rest: { method: 'GET', path: '/tickets/{ticketId}/approvals', summary: 'A ticket’s approvals, newest first' },
      run: async (scope, input) => ({ items: await queries.ofTicket(scope, input) }),
    }),
    listMyApprovals: defineQuery({
      name: 'approvals.list-my-approvals',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(approvalView) }),
      rest: { method: 'GET', path: '/approvals/mine', summary: 'Approvals that wait for the caller' },
      run: async (scope) => ({ items: await queries.waitingForMe(scope) }),
    }),
    requestApproval: defineCommand({
      name: 'approvals.request-approval',
      permission: REQUEST,
      input: requestApprovalInput,
      output: z.object({ approvalId: idSchema('approval') }),
      rest: { method: 'POST', path: '/tickets/{ticketId}/approvals', summary: 'Ask for an approval on a ticket' },
      run: (scope, input) => request.run(scope, input),
    }),
    withdrawApproval: defineCommand({
      name: 'approvals.withdraw-approval',
      permission: REQUEST,
      input: withdrawApprovalInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/approvals/{approvalId}/withdraw', summary: 'Withdraw an approval' },
      run: async (scope, input) => {
        await request.withdraw(scope, input.approvalId);
        return {};
      },
    }),
    answerApproval: defineCommand({
      name: 'approvals.answer-approval',
      permission: READ,
      input: answerApprovalInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/approvals/{approvalId}/answer', summary: 'Approve or refuse, as staff' },
      run: async (scope, input) => {
        await answer.run(scope, input);
        return {};
      },
    }),
    listPortalApprovals: defineQuery({
      name: 'approvals.list-portal-approvals',
      permission: PORTAL,
      audience: 'client',
      input: z.object({}),
      output: z.object({ items: z.array(portalApprovalView) }),
      rest: { method: 'GET', path: '/portal/approvals', summary: 'What the caller was asked to approve' },
      run: async (scope) => ({ items: await queries.ofContact(scope) }),
    }),
    answerInPortal: defineCommand({
      name: 'approvals.answer-in-portal',
      permission: PORTAL,
      audience: 'client',
      input: answerApprovalInput,
      output: z.object({}),
      rest: {
        method: 'POST',
        path: '/portal/approvals/{approvalId}/answer',
        summary: 'Approve or refuse, as a contact',
      },
      run: async (scope, input) => {
        await answer.run(scope, input);
        return {};
      },
    }),
  };
}
