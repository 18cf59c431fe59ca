import type { Generated } from 'kysely';
import type { Id, MspId } from '#kernel/id';
import type { TicketType } from './ticket-type.ts';

export type DeskCategoryId = Id<'desk-category'>;

export interface DeskCatalogueTables {
  desk_matrix: { msp_id: MspId; cells: number[]; vip_steps: number; version: Generated<number> };
  desk_category: {
    msp_id: MspId;
    id: DeskCategoryId;
    parent_id: DeskCategoryId | null;
    name: string;
    depth: number;
    ticket_types: Generated<TicketType[]>;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
}
