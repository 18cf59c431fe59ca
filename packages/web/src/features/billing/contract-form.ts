import type { inferRouterInputs } from '@trpc/server';
import type { AppRouter } from '#web/app/api/app-router.ts';
import type { WorkType } from '#web/features/tickets/ticket-words.ts';
import { minorOf } from './billing-words.ts';

/** A contract's line as the API takes it. */
export type NewLine = NonNullable<inferRouterInputs<AppRouter>['agreements']['createAgreement']['lines']>[number];

/** What of a contract is typed, as it is typed: amounts in the contract's currency, minutes and percent as whole numbers, nothing where a rule is not wanted. */
export interface ContractForm {
  clientId: string;
  name: string;
  startsOn: string;
  /** The last day; empty for none. */
  endsOn: string;
  fee: string;
  device: string;
  hour: string;
  /** Hours bought ahead each month, of remote work unless the fee has it, and of work on site. */
  blockHours: string;
  blockHour: string;
  blockOverage: string;
  blockRollover: string;
  calendarId: string;
  /** When remote work is in the fee. */
  remote: 'always' | 'business-hours' | 'never';
  rounding: 'up' | 'nearest' | 'down';
  roundTo: string;
  minimum: string;
  maximum: string;
  afterHours: string;
  holiday: string;
  travel: 'hourly' | 'share' | 'flat' | 'free';
  travelShare: string;
  travelFee: string;
}

/** Which fields the lines of a form are made from; a refusal of the server is shown at the field. */
const FIELD_OF: Readonly<Record<string, keyof ContractForm>> = {
  roundToMinutes: 'roundTo',
  minimumMinutes: 'minimum',
  maximumMinutes: 'maximum',
  afterHoursPercent: 'afterHours',
  holidayPercent: 'holiday',
  billablePercent: 'travelShare',
  quantity: 'blockHours',
  overagePriceMinor: 'blockOverage',
  rolloverPeriods: 'blockRollover',
};

/** The form's lines: a fee, devices, work by the hour, journeys where they are charged otherwise. Unreadable amounts count as nothing; `wrongIn` names them. */
export function linesOf(form: ContractForm, currency: string): NewLine[] {
  const price = (typed: string): number => (typed.trim() === '' ? 0 : (minorOf(typed, currency) ?? 0));
  const isFeeWithWork = price(form.fee) > 0 && form.remote !== 'never';
  const hour = price(form.hour);
  const counted = {
    minimumMinutes: whole(form.minimum) ?? 0,
    roundToMinutes: whole(form.roundTo) ?? 1,
    rounding: form.rounding,
    maximumMinutes: whole(form.maximum) ?? null,
  };
  return [
    ...(price(form.fee) > 0
      ? [
          {
            kind: 'flat' as const,
            description: 'Monitoring and service desk',
            unitPriceMinor: price(form.fee),
            workTypes: isFeeWithWork ? ['remote' as const] : [],
            coversAfterHours: !isFeeWithWork || form.remote === 'always' || form.calendarId === '',
          },
        ]
      : []),
    ...(price(form.device) > 0
      ? [{ kind: 'per-device' as const, description: 'Managed device', unitPriceMinor: price(form.device) }]
      : []),
    ...(isBlock(form)
      ? [
          {
            kind: 'block-hours' as const,
            description: 'Hours bought ahead',
            quantity: form.blockHours.trim().replace(',', '.'),
            unitPriceMinor: price(form.blockHour),
            overagePriceMinor: form.blockOverage.trim() === '' ? null : price(form.blockOverage),
            rolloverPeriods: whole(form.blockRollover) ?? 0,
            workTypes: hourlyWork(form, isFeeWithWork),
            ...counted,
            ...multipliersOf(form),
          },
        ]
      : []),
    // Work is drawn from the block; an hour beyond it has its price there.
    ...(hour > 0 && !isBlock(form)
      ? [
          {
            kind: 'time-and-materials' as const,
            description: 'Work by the hour',
            unitPriceMinor: hour,
            workTypes: hourlyWork(form, isFeeWithWork),
            ...counted,
            ...multipliersOf(form),
          },
        ]
      : []),
    ...(hour > 0 || form.travel === 'flat' ? journeyLine(form, { hour, fee: price(form.travelFee), counted }) : []),
  ];
}

/** What cannot be what was meant, by field, before anything is sent. */
export function wrongIn(form: ContractForm, currency: string): Partial<Record<keyof ContractForm, string>> {
  const wrong: Partial<Record<keyof ContractForm, string>> = {};
  for (const field of ['fee', 'device', 'hour', 'blockHour', 'blockOverage', 'travelFee'] as const)
    if (form[field].trim() !== '' && minorOf(form[field], currency) === undefined)
      wrong[field] = `must be an amount in ${currency}, such as 25.50`;
  for (const field of [
    'roundTo',
    'minimum',
    'maximum',
    'afterHours',
    'holiday',
    'travelShare',
    'blockRollover',
  ] as const)
    if (form[field].trim() !== '' && whole(form[field]) === undefined) wrong[field] = 'must be a whole number';
  if (form.blockHours.trim() !== '' && !isBlock(form)) wrong.blockHours = 'must be a number of hours, such as 10';
  return wrong;
}

function isBlock(form: ContractForm): boolean {
  return /^\d{1,5}([.,]\d{1,2})?$/.test(form.blockHours.trim()) && /[1-9]/.test(form.blockHours);
}

/** The form's field that a path of the server's refusal is about, such as `lines.1.maximumMinutes`; null where it is about none. */
export function fieldOf(path: string): keyof ContractForm | null {
  return FIELD_OF[path.split('.').at(-1) ?? ''] ?? null;
}

function hourlyWork(form: ContractForm, isRemoteInFee: boolean): WorkType[] {
  const isRemoteAlwaysInFee = isRemoteInFee && (form.remote === 'always' || form.calendarId === '');
  return [
    ...(isRemoteAlwaysInFee ? [] : ['remote' as const]),
    'onsite',
    'project',
    ...(form.travel === 'hourly' ? ['travel' as const] : []),
  ];
}

/** Dearer hours need a calendar that says which they are. */
function multipliersOf(form: ContractForm) {
  if (form.calendarId === '') return {};
  return { afterHoursPercent: whole(form.afterHours) ?? 100, holidayPercent: whole(form.holiday) ?? null };
}

function journeyLine(
  form: ContractForm,
  { hour, fee, counted }: { hour: number; fee: number; counted: Pick<NewLine, 'rounding' | 'roundToMinutes'> },
): NewLine[] {
  const journey = { kind: 'time-and-materials' as const, workTypes: ['travel' as const] };
  if (form.travel === 'flat')
    return [{ ...journey, description: 'Journey', unitPriceMinor: fee, charge: 'per-entry' as const }];
  if (form.travel === 'share')
    return [
      {
        ...journey,
        description: 'Travel',
        unitPriceMinor: hour,
        billablePercent: whole(form.travelShare) ?? 100,
        rounding: counted.rounding,
        roundToMinutes: counted.roundToMinutes,
        ...multipliersOf(form),
      },
    ];
  if (form.travel === 'free')
    return [{ ...journey, description: 'Travel, not charged', unitPriceMinor: 0, billablePercent: 0 }];
  return [];
}

function whole(typed: string): number | undefined {
  return /^\d{1,5}$/.test(typed.trim()) ? Number(typed.trim()) : undefined;
}
