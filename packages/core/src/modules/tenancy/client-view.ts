import { z } from 'zod';
import { clientIdSchema } from '#kernel/id';
import { CLIENT_STATES } from './client.ts';
import type { ClientRow } from './client-store.ts';

/** A client as it leaves the server. */
export const clientView = z.object({
  id: clientIdSchema,
  name: z.string(),
  shortCode: z.string(),
  state: z.enum(CLIENT_STATES),
  isInternal: z.boolean(),
  parentId: clientIdSchema.nullable(),
  billToId: clientIdSchema.nullable(),
  timeZone: z.string(),
  emailDomains: z.array(z.string()),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
export type ClientView = z.input<typeof clientView>;

export function toClientView(row: ClientRow): ClientView {
  return {
    id: row.id,
    name: row.name,
    shortCode: row.short_code,
    state: row.state,
    isInternal: row.is_internal,
    parentId: row.parent_id,
    billToId: row.bill_to_id,
    timeZone: row.time_zone,
    emailDomains: row.email_domains,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
}
