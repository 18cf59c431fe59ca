import type { Generated } from 'kysely';
import type { Id, MspId } from '#kernel/id';
import type { DeskFieldId } from '#modules/desk-fields';

export type RequestFormId = Id<'request-form'>;
/** What a contact may ask for: problems and tasks are the MSP's own. */
export const FORM_TYPES = ['incident', 'request'] as const;

export interface RequestFormTables {
  request_form: {
    msp_id: MspId;
    id: RequestFormId;
    name: string;
    description: string;
    ticket_type: (typeof FORM_TYPES)[number];
    category_id: Id<'desk-category'> | null;
    place: number;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  request_form_field: {
    msp_id: MspId;
    id: Id<'request-form-field'>;
    form_id: RequestFormId;
    field_id: DeskFieldId;
    is_required: boolean;
    place: number;
  };
}
