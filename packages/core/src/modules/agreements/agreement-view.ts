import { z } from 'zod';
import { clientIdSchema, idSchema } from '#kernel/id';
import { AGREEMENT_STATES, BILLING_PERIODS, CHARGES, LINE_KINDS, ROUNDINGS, WORK_TYPES } from './agreement.ts';
import type { AgreementLineRow, AgreementRow } from './agreement-store.ts';

export const agreementLineView = z.object({
  id: idSchema('agreement-line'),
  kind: z.enum(LINE_KINDS),
  description: z.string(),
  productCode: z.string(),
  unitPriceMinor: z.int(),
  quantity: z.string(),
  deviceKinds: z.array(z.string()),
  workTypes: z.array(z.enum(WORK_TYPES)),
  minimumMinutes: z.int(),
  roundToMinutes: z.int(),
  rounding: z.enum(ROUNDINGS),
  maximumMinutes: z.int().nullable(),
  charge: z.enum(CHARGES),
  billablePercent: z.int(),
  afterHoursPercent: z.int(),
  holidayPercent: z.int().nullable(),
  coversAfterHours: z.boolean(),
  overagePriceMinor: z.int().nullable(),
  rolloverPeriods: z.int(),
});

/** An agreement as a list shows it. */
export const agreementView = z.object({
  id: idSchema('agreement'),
  clientId: clientIdSchema,
  siteId: idSchema('site').nullable(),
  name: z.string(),
  reference: z.string(),
  state: z.enum(AGREEMENT_STATES),
  startsOn: z.iso.date(),
  endsOn: z.iso.date().nullable(),
  billingPeriod: z.enum(BILLING_PERIODS),
  currency: z.string(),
  templateName: z.string(),
  calendarId: idSchema('sla-calendar').nullable(),
  /** The agreement in whose place this one comes. */
  succeedsId: idSchema('agreement').nullable(),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
export type AgreementView = z.input<typeof agreementView>;

/** An agreement with its lines. */
export const agreementWithLinesView = agreementView.extend({
  lines: z.array(agreementLineView),
  /** What comes in its place, the newest of them; null for none. */
  successor: z
    .object({ id: idSchema('agreement'), name: z.string(), state: z.enum(AGREEMENT_STATES), startsOn: z.iso.date() })
    .nullable(),
});
export type AgreementWithLinesView = z.input<typeof agreementWithLinesView>;

export function toAgreementView(row: AgreementRow): AgreementView {
  return {
    id: row.id,
    clientId: row.client_id,
    siteId: row.site_id,
    name: row.name,
    reference: row.reference,
    state: row.state,
    startsOn: row.starts_on.toString(),
    endsOn: row.ends_on?.toString() ?? null,
    billingPeriod: row.billing_period,
    currency: row.currency,
    templateName: row.template_name,
    calendarId: row.calendar_id,
    succeedsId: row.succeeds_id,
    version: row.version,
    createdAt: row.created_at.toString(),
  };
}

export function toAgreementLineView(row: AgreementLineRow): z.input<typeof agreementLineView> {
  return {
    id: row.id,
    kind: row.kind,
    description: row.description,
    productCode: row.product_code,
    unitPriceMinor: row.unit_price_minor,
    quantity: row.quantity.toFixed(),
    deviceKinds: row.device_kinds,
    workTypes: row.work_types,
    minimumMinutes: row.minimum_minutes,
    roundToMinutes: row.round_to_minutes,
    rounding: row.rounding,
    maximumMinutes: row.maximum_minutes,
    charge: row.charge,
    billablePercent: row.billable_percent,
    afterHoursPercent: row.after_hours_percent,
    holidayPercent: row.holiday_percent,
    coversAfterHours: row.covers_after_hours,
    overagePriceMinor: row.overage_price_minor,
    rolloverPeriods: row.rollover_periods,
  };
}
