import type { Decimal } from 'decimal.js';
import type { Generated, GeneratedAlways } from 'kysely';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { AssetId } from '#modules/assets';
import type { TicketType } from '#modules/desk-catalogue';
import type { ContactId } from '#modules/tenancy';
import type { FieldType, RequiredOn } from './field.ts';

export type DeskFieldId = Id<'desk-field'>;
export type DeskFieldChoiceId = Id<'desk-field-choice'>;

export interface DeskFieldsTables {
  desk_field: {
    msp_id: MspId;
    id: DeskFieldId;
    name: string;
    help: Generated<string>;
    type: FieldType;
    ticket_types: Generated<TicketType[]>;
    required_on: RequiredOn;
    is_public: boolean;
    max_length: number | null;
    min_number: Decimal | null;
    max_number: Decimal | null;
    place: number;
    is_active: Generated<boolean>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  desk_field_choice: {
    msp_id: MspId;
    id: DeskFieldChoiceId;
    field_id: DeskFieldId;
    label: string;
    place: number;
    is_active: Generated<boolean>;
  };
  desk_field_value: {
    msp_id: MspId;
    id: Id<'desk-field-value'>;
    client_id: ClientId;
    ticket_id: Id<'ticket'>;
    field_id: DeskFieldId;
    value: string;
    number_value: Decimal | null;
    choice_id: DeskFieldChoiceId | null;
    contact_id: ContactId | null;
    asset_id: AssetId | null;
    key: GeneratedAlways<string>;
    search: GeneratedAlways<string>;
  };
}
