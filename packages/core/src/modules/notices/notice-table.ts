import type { ClientId, Id, MspId } from '#kernel/id';
import type { StaffId } from '#modules/identity';

export const NOTICE_KINDS = ['warning', 'mention', 'assignment', 'approval', 'other'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export interface NoticeTables {
  notice: {
    msp_id: MspId;
    id: Id<'notice'>;
    /** Whose matter it is; null for the MSP's own. */
    client_id: ClientId | null;
    staff_id: StaffId;
    key: string;
    kind: NoticeKind;
    title: string;
    body: string;
    /** Where in the console it leads. */
    path: string;
    created_at: Temporal.Instant;
    read_at: Temporal.Instant | null;
  };
  identity_staff: { msp_id: MspId; id: StaffId; login_id: string; removed_at: Temporal.Instant | null };
}
