import type { Generated, JSONColumnType } from 'kysely';
import type { Id, MspId } from '#kernel/id';
import type { StaffId } from '#modules/tickets';
import type { ViewPlace } from './view-settings.ts';

export type TicketViewId = Id<'ticket-view'>;

export interface ViewTables {
  ticket_view: {
    msp_id: MspId;
    id: TicketViewId;
    owner_id: StaffId;
    is_shared: boolean;
    name: string;
    /** As it was stored; read through `viewSettings`, for an older version may have known other conditions. */
    settings: JSONColumnType<object, string, string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  ticket_view_order: {
    msp_id: MspId;
    staff_id: StaffId;
    places: JSONColumnType<ViewPlace[], string, string>;
  };
}
