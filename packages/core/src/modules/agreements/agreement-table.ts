import type { Generated, JSONColumnType } from 'kysely';
import type { Decimal } from 'decimal.js';
import type { ClientId, Id, MspId } from '#kernel/id';
import type { SiteId } from '#modules/tenancy';
import type { AgreementState, BillingPeriod, Charge, LineKind, Rounding, WorkType } from './agreement.ts';
import type { LineInput } from './agreement-line.ts';

export type AgreementId = Id<'agreement'>;
export type AgreementLineId = Id<'agreement-line'>;
export type AgreementTemplateId = Id<'agreement-template'>;

export interface AgreementTables {
  agreement: {
    msp_id: MspId;
    id: AgreementId;
    client_id: ClientId;
    site_id: SiteId | null;
    name: string;
    reference: string;
    state: AgreementState;
    starts_on: Temporal.PlainDate;
    ends_on: Temporal.PlainDate | null;
    billing_period: BillingPeriod;
    currency: string;
    template_name: string;
    /** The business calendar whose hours the contract counts by; null where all hours are alike. */
    calendar_id: Id<'sla-calendar'> | null;
    /** The agreement in whose place this one comes: as it is put into force, that one ends the day before. */
    succeeds_id: AgreementId | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  agreement_line: {
    msp_id: MspId;
    id: AgreementLineId;
    client_id: ClientId;
    agreement_id: AgreementId;
    place: number;
    kind: LineKind;
    description: string;
    product_code: string;
    unit_price_minor: number;
    quantity: Decimal;
    device_kinds: string[];
    work_types: WorkType[];
    minimum_minutes: number;
    round_to_minutes: number;
    rounding: Rounding;
    maximum_minutes: number | null;
    charge: Charge;
    billable_percent: number;
    after_hours_percent: number;
    holiday_percent: number | null;
    covers_after_hours: boolean;
    overage_price_minor: number | null;
    rollover_periods: number;
  };
  agreement_template: {
    msp_id: MspId;
    id: AgreementTemplateId;
    name: string;
    currency: string;
    billing_period: BillingPeriod;
    lines: JSONColumnType<LineInput[], string, string>;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
}
