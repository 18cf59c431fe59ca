import { amountOf, type ContractDetail } from './billing-words.ts';
import { linesOf, type ContractForm, type NewLine } from './contract-form.ts';

type Line = ContractDetail['lines'][number];

/** What a contract form has as it is opened for a new contract. */
export const NEW_CONTRACT: Omit<ContractForm, 'clientId' | 'startsOn'> = {
  name: 'Managed care',
  endsOn: '',
  fee: '',
  device: '',
  hour: '',
  blockHours: '',
  blockHour: '',
  blockOverage: '',
  blockRollover: '',
  calendarId: '',
  remote: 'always',
  rounding: 'up',
  roundTo: '15',
  minimum: '15',
  maximum: '',
  afterHours: '150',
  holiday: '',
  travel: 'hourly',
  travelShare: '50',
  travelFee: '',
};

/**
 * The form that would write a contract. `isWhole` is false where the form cannot say all that the contract's lines say, such as those of a template: then the lines must stay as they are,
 * and only the rest of the form counts.
 */
export function formOf(contract: ContractDetail): { form: ContractForm; isWhole: boolean } {
  const { lines, currency } = contract;
  const flat = lines.find(({ kind }) => kind === 'flat');
  const device = lines.find(({ kind }) => kind === 'per-device');
  const block = lines.find(({ kind }) => kind === 'block-hours');
  const journey = lines.find((line) => line.kind === 'time-and-materials' && isJourney(line));
  const hourly = lines.find((line) => line.kind === 'time-and-materials' && !isJourney(line));
  const counted = block ?? hourly;
  const price = (minor: number | null | undefined): string =>
    minor === undefined || minor === null ? '' : amountOf(minor, currency);
  const form: ContractForm = {
    ...NEW_CONTRACT,
    clientId: contract.clientId,
    name: contract.name,
    startsOn: contract.startsOn,
    endsOn: contract.endsOn ?? '',
    calendarId: contract.calendarId ?? '',
    fee: price(flat?.unitPriceMinor),
    device: price(device?.unitPriceMinor),
    hour: price(hourly?.unitPriceMinor ?? (journey?.charge === 'hourly' ? journey.unitPriceMinor : null)),
    blockHours: block?.quantity ?? '',
    blockHour: price(block?.unitPriceMinor),
    blockOverage: price(block?.overagePriceMinor),
    blockRollover: block === undefined ? '' : digits(block.rolloverPeriods),
    remote: remoteOf(flat),
    ...(counted === undefined ? {} : countedOf(counted)),
    ...travelOf(journey, price),
  };
  return { form, isWhole: isSame(linesOf(form, currency), lines) };
}

function isJourney(line: Line): boolean {
  return line.workTypes.length === 1 && line.workTypes[0] === 'travel';
}

function remoteOf(flat: Line | undefined): ContractForm['remote'] {
  if (flat === undefined) return NEW_CONTRACT.remote;
  if (!flat.workTypes.includes('remote')) return 'never';
  return flat.coversAfterHours ? 'always' : 'business-hours';
}

function countedOf(line: Line) {
  return {
    rounding: line.rounding,
    roundTo: String(line.roundToMinutes),
    minimum: digits(line.minimumMinutes),
    maximum: line.maximumMinutes === null ? '' : String(line.maximumMinutes),
    afterHours: String(line.afterHoursPercent),
    holiday: line.holidayPercent === null ? '' : String(line.holidayPercent),
  };
}

function travelOf(
  journey: Line | undefined,
  price: (minor: number) => string,
): Partial<Pick<ContractForm, 'travel' | 'travelFee' | 'travelShare'>> {
  if (journey === undefined) return { travel: 'hourly' };
  if (journey.charge === 'per-entry') return { travel: 'flat', travelFee: price(journey.unitPriceMinor) };
  if (journey.billablePercent === 0) return { travel: 'free' };
  return { travel: 'share', travelShare: String(journey.billablePercent) };
}

function digits(value: number): string {
  return value === 0 ? '' : String(value);
}

/** What the server puts where a line says nothing. */
const UNSAID = {
  productCode: '',
  quantity: '1',
  deviceKinds: [],
  workTypes: [],
  minimumMinutes: 0,
  roundToMinutes: 1,
  rounding: 'up',
  maximumMinutes: null,
  charge: 'hourly',
  billablePercent: 100,
  afterHoursPercent: 100,
  holidayPercent: null,
  coversAfterHours: true,
  overagePriceMinor: null,
  rolloverPeriods: 0,
} as const satisfies Partial<NewLine>;

function isSame(written: readonly NewLine[], lines: readonly Line[]): boolean {
  const saying = (line: object): string =>
    JSON.stringify(Object.entries({ ...UNSAID, ...line }).toSorted(([a], [b]) => a.localeCompare(b)));
  return (
    written.length === lines.length &&
    lines.every((line, index) => saying(line) === saying({ ...written[index], id: line.id }))
  );
}
