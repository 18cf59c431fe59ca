import {
  ChangeAgreementState,
  CreateAgreement,
  type AgreementId,
  type CreateAgreementInput,
} from '#modules/agreements';
import { minorDigits } from '#kernel/money';
import type { ClientPlan } from './client-plan.ts';
import { beginningOf, type Stage, type StagedClient } from './stage.ts';

/** Prices as they would be in pounds, and roughly what the same work costs in the client's currency. */
const FACTOR: Readonly<Record<string, number>> = { GBP: 1, EUR: 1.15, USD: 1.25, NOK: 13.5, JPY: 190, SGD: 1.7 };

/** An agreement in force. */
export interface StagedAgreement {
  readonly client: StagedClient;
  readonly agreementId: AgreementId;
  readonly startsOn: Temporal.PlainDate;
}

/** Each client's agreement: a price for each machine, a flat price for the service, and work that is billed by the hour. */
export async function loadAgreements(
  stage: Stage,
  clients: readonly StagedClient[],
  officeHoursId: CalendarId,
): Promise<StagedAgreement[]> {
  const { container, system, clock } = stage;
  const agreements: StagedAgreement[] = [];
  for (const client of clients) {
    const startsOn = clock.present
      .toZonedDateTimeISO('Europe/London')
      .toPlainDate()
      .with({ day: 1 })
      .subtract({ months: client.plan.monthsAgreed });
    await clock.at(beginningOf(clock), async () => {
      const { agreementId } = await container.resolve(CreateAgreement).run(system, {
        ...agreementOf(client, startsOn),
        calendarId: officeHoursId,
      });
      await container.resolve(ChangeAgreementState).activate(system, { agreementId, version: 1 });
      agreements.push({ client, agreementId, startsOn });
    });
  }
  stage.say(`  agreements: ${agreements.length}`);
  return agreements;
}

type CalendarId = NonNullable<CreateAgreementInput['calendarId']>;
type Line = NonNullable<CreateAgreementInput['lines']>[number];

const COMMON = {
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
} satisfies Partial<Line>;

function agreementOf({ clientId, plan }: StagedClient, startsOn: Temporal.PlainDate): CreateAgreementInput {
  const price = (pounds: number): number => {
    const digits = minorDigits(plan.currency);
    return Math.round(pounds * (FACTOR[plan.currency] ?? 1)) * 10 ** digits;
  };
  const lines: Line[] = [
    {
      ...COMMON,
      kind: 'per-device',
      description: 'Managed workstation',
      productCode: 'MD-WS',
      unitPriceMinor: price(24),
      deviceKinds: ['workstation', 'laptop'],
      workTypes: ['remote'],
    },
    {
      ...COMMON,
      kind: 'per-device',
      description: 'Managed server',
      productCode: 'MD-SRV',
      unitPriceMinor: price(95),
      deviceKinds: ['server', 'hypervisor'],
      workTypes: ['maintenance'],
    },
    {
      ...COMMON,
      kind: 'time-and-materials',
      description: 'Work on site and travel',
      productCode: 'TM-SITE',
      unitPriceMinor: price(98),
      workTypes: ['onsite', 'travel'],
      minimumMinutes: 60,
      roundToMinutes: 30,
    },
    projectLine(plan, price),
  ];
  if (plan.devices >= 20)
    lines.unshift({
      ...COMMON,
      kind: 'flat',
      description: 'Service desk, reports and reviews',
      productCode: 'SVC',
      unitPriceMinor: price(180 + plan.devices * 4),
    });
  return {
    clientId,
    name: plan.devices >= 20 ? 'Managed service' : 'Managed devices',
    reference: `NG-${startsOn.year}-${plan.shortCode}`,
    startsOn: startsOn.toString(),
    billingPeriod: 'monthly',
    currency: plan.currency,
    lines,
  };
}

/** Projects are billed by the hour; one client buys the hours ahead. */
function projectLine(plan: ClientPlan, price: (pounds: number) => number): Line {
  const project = {
    ...COMMON,
    productCode: 'TM-PROJ',
    workTypes: ['project'],
    roundToMinutes: 15,
    afterHoursPercent: 150,
  } satisfies Partial<Line>;
  if (plan.shortCode !== 'BROOKFIELD')
    return { ...project, kind: 'time-and-materials', description: 'Project work', unitPriceMinor: price(115) };
  return {
    ...project,
    kind: 'block-hours',
    description: 'Ten hours of projects a month',
    quantity: '10',
    unitPriceMinor: price(105),
    overagePriceMinor: price(125),
    rolloverPeriods: 2,
  };
}
