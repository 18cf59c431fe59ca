/**
 * What an MSP and its clients agreed: lines, prices, coverage, and which agreement holds for what.
 * Owns: `agreement`, `agreement_line`, `agreement_template`.
 */
export { agreementsModule } from './agreements-module.ts';
export {
  BILLING_PERIODS,
  ROUNDINGS,
  coverageOf,
  WORK_TYPES,
  type BillingPeriod,
  type Charge,
  type Coverage,
  type CoverageLine,
  type LineKind,
  type Rounding,
  type WorkType,
} from './agreement.ts';
export { assertLines, linesInput, type LineInput } from './agreement-line.ts';
export { AgreementHolding, type HoldingAgreement, type PricedLine } from './agreement-holding.ts';
export { AgreementQueries } from './agreement-queries.ts';
export { AgreementTemplates, type CreateTemplateInput } from './agreement-templates.ts';
export { ChangeAgreementState } from './change-agreement-state.ts';
export { assertCalendar, CreateAgreement, type CreateAgreementInput } from './create-agreement.ts';
export { formatRange, periodAfter, servicePeriods, type DayRange } from './service-period.ts';
export type { AgreementId, AgreementLineId, AgreementTables, AgreementTemplateId } from './agreement-table.ts';
