import type { Id } from '../../packages/core/src/kernel/id.ts';
import { AnswerApproval, answerApprovalInput } from '../../packages/core/src/modules/approvals/answer-approval.ts';
import { RequestApproval, requestApprovalInput } from '../../packages/core/src/modules/approvals/request-approval.ts';
import { createContactInput, SaveContact } from '../../packages/core/src/modules/tenancy/save-contact.ts';
import { contactScope, staffScope, type TestApp } from './test-app.ts';
import type { World } from './world.ts';

/** An approval of which one of two contacts has answered. */
export async function addApprovals(app: TestApp, world: World, ticketId: Id<'ticket'>): Promise<void> {
  const scope = staffScope(world.mspId);
  const contact = async (name: string) => {
    const email = `${name}@approvals.example`;
    const input = createContactInput.parse({ clientId: world.first, name, email, portalRole: 'member' });
    return (await app.container.resolve(SaveContact).create(scope, input)).contactId;
  };
  const contactIds = [await contact('ann'), await contact('ben')];
  const input = requestApprovalInput.parse({ ticketId, subject: 'A new printer', mode: 'all', contactIds });
  const { approvalId } = await app.container.resolve(RequestApproval).run(scope, input);
  await app.container
    .resolve(AnswerApproval)
    .run(
      contactScope(world.mspId, world.first, contactIds[0]),
      answerApprovalInput.parse({ approvalId, answer: 'approved' }),
    );
}
