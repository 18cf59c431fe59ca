import {
  ApproveInvoice,
  BillingSettings,
  ChangeCatalogue,
  DraftInvoice,
  SendInvoice,
  SettleInvoice,
} from '#modules/billing';
import { beginningOf, eachOf, type Stage, type StagedClient } from './stage.ts';
import type { StagedAgreement } from './load-agreements.ts';

const PRODUCTS = [
  { code: 'MD-WS', name: 'Managed workstation', unit: 'device', priceMinor: 2400, costMinor: 650 },
  { code: 'MD-SRV', name: 'Managed server', unit: 'device', priceMinor: 9500, costMinor: 2100 },
  { code: 'SVC', name: 'Service desk, reports and reviews', unit: 'month', priceMinor: 25_000, costMinor: 9000 },
  { code: 'TM-SITE', name: 'Work on site', unit: 'hour', priceMinor: 9800, costMinor: 4200 },
  { code: 'TM-PROJ', name: 'Project work', unit: 'hour', priceMinor: 11_500, costMinor: 4200 },
] as const;

/** The invoice of every month that is over: drafted on the first of the next, most of them approved and sent the same morning, the older ones paid. */
export async function loadInvoices(stage: Stage, agreements: readonly StagedAgreement[]): Promise<void> {
  await stage.clock.at(beginningOf(stage.clock), async () => {
    await loadSettings(stage);
    for (const { client } of agreements) await loadClientSettings(stage, client);
  });
  const today = stage.clock.present.toZonedDateTimeISO('Europe/London').toPlainDate();
  const thisMonth = today.with({ day: 1 });
  // Invoice numbers follow the calendar, and within a month the order of the agreements.
  const due = agreements
    .flatMap((agreement) => {
      const months = agreement.startsOn.until(thisMonth, { largestUnit: 'months' }).months;
      return Array.from({ length: months }, (_, month) => ({
        agreement,
        from: agreement.startsOn.add({ months: month }),
      }));
    })
    .toSorted((a, b) => Temporal.PlainDate.compare(a.from, b.from));
  await eachOf(stage, 'invoices', due, ({ agreement, from }) => loadInvoice(stage, agreement, from, thisMonth), {
    atOnce: 1,
  });
}

async function loadInvoice(
  stage: Stage,
  { agreementId, client }: StagedAgreement,
  from: Temporal.PlainDate,
  thisMonth: Temporal.PlainDate,
): Promise<void> {
  const { container, clock, system } = stage;
  const random = stage.random.fork(
    `invoice-${client.plan.shortCode}-${from.until(thisMonth, { largestUnit: 'months' }).months}`,
  );
  const monthsAgo = from.until(thisMonth, { largestUnit: 'months' }).months;
  const morning = earlier(
    from.add({ months: 1 }).toZonedDateTime({ timeZone: 'Europe/London', plainTime: '09:30' }).toInstant(),
    clock.present,
  );
  const isLast = monthsAgo === 1;
  await clock.at(morning, async () => {
    const { invoiceId, version } = await container
      .resolve(DraftInvoice)
      .run(system, { agreementId, serviceFrom: from.toString() });
    if (isLast && random.chance(0.2)) return;
    const approved = await container.resolve(ApproveInvoice).run(system, { invoiceId, version });
    if (isLast && random.chance(0.25)) return;
    const sent = await container.resolve(SendInvoice).run(system, { invoiceId, version: approved.version });
    const paidAt = morning.add({ hours: 24 * random.int(3, 35) });
    const isPaid = monthsAgo > 3 || random.chance(0.85);
    if (!isPaid || Temporal.Instant.compare(paidAt, clock.present) > 0) return;
    await clock.at(paidAt, async () => {
      const paidOn = paidAt.toZonedDateTimeISO('Europe/London').toPlainDate().toString();
      await container.resolve(SettleInvoice).pay(system, {
        invoiceId,
        version: sent.version,
        paidOn,
        reference: `${client.plan.shortCode} ${approved.number}`,
      });
    });
  });
}

async function loadSettings({ container, system }: Stage): Promise<void> {
  const settings = await container.resolve(BillingSettings).get(system);
  await container.resolve(BillingSettings).update(system, {
    ...settings,
    address: 'Northgate IT Ltd\n4 Northgate Yard\nLeeds LS1 6BW\nUnited Kingdom',
    taxNumber: 'GB 000 0000 00',
    bankDetails: 'Northgate IT Ltd\nSort code 00-00-00, account 00000000',
    footer: 'Registered in England and Wales',
    numberPrefix: 'NG-',
    hourlyRateMinor: 8500,
  });
  for (const product of PRODUCTS)
    await container
      .resolve(ChangeCatalogue)
      .create(system, { ...product, description: '', currency: 'GBP', taxRate: '20' });
}

async function loadClientSettings({ container, system }: Stage, client: StagedClient): Promise<void> {
  const known = await container.resolve(BillingSettings).ofClient(system, client.clientId);
  await container.resolve(BillingSettings).updateClient(system, {
    ...known,
    address: `${client.plan.name}\n${client.plan.sites[0]?.address ?? ''}`,
    emails: [`accounts@${client.plan.domain}`],
    isTaxExempt: client.plan.country !== 'GB',
    paymentDays: client.plan.devices >= 40 ? 30 : 14,
  });
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
