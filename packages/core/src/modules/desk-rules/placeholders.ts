import type { ClientId, MspId } from '#kernel/id';
import type { ContactId } from '#modules/tenancy';
import { ticketLabel, titleOfStatus, type StaffId, type TicketId, type TicketTables } from '#modules/tickets';
import type { AnyTransaction } from '#platform/db/scoped-transaction';

interface NameTables extends TicketTables {
  client: { msp_id: MspId; id: ClientId; name: string };
  contact: { msp_id: MspId; id: ContactId; name: string };
  identity_staff: { msp_id: MspId; id: StaffId; name: string };
}

/** What a text of a rule may name, in double braces: `{{ticket.number}}`. */
export const PLACEHOLDERS = [
  'ticket.number',
  'ticket.subject',
  'ticket.status',
  'ticket.priority',
  'client.name',
  'contact.name',
  'assignee.name',
] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];

const PATTERN = /\{\{\s*([a-z.]+)\s*\}\}/g;

/** The text with its placeholders filled from a ticket, once: what a subject or a name holds is never read as a placeholder itself. */
export async function fillPlaceholders(tx: AnyTransaction, text: string, ticketId: TicketId): Promise<string> {
  if (!text.includes('{{')) return text;
  const row = await tx
    .typed<NameTables>()
    .query.selectFrom('ticket')
    .innerJoin('client', 'client.id', 'ticket.client_id')
    .leftJoin('contact', 'contact.id', 'ticket.contact_id')
    .leftJoin('identity_staff', 'identity_staff.id', 'ticket.assignee_id')
    .select([
      'ticket.number',
      'ticket.subject',
      'ticket.status',
      'ticket.priority',
      'client.name as client',
      'contact.name as contact',
      'identity_staff.name as assignee',
    ])
    .where('ticket.id', '=', ticketId)
    .executeTakeFirst();
  if (row === undefined) return text;
  const values: Record<Placeholder, string> = {
    'ticket.number': ticketLabel(row.number),
    'ticket.subject': row.subject,
    'ticket.status': titleOfStatus(row.status),
    'ticket.priority': `P${row.priority}`,
    'client.name': row.client,
    'contact.name': row.contact ?? '',
    'assignee.name': row.assignee ?? '',
  };
  return text.replaceAll(PATTERN, (whole, name: string) => values[name as Placeholder] ?? whole);
}
