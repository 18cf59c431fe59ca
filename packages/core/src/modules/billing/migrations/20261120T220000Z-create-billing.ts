import { sql, type Kysely } from 'kysely';
import { protectTable } from '#platform/db/tenant-table';

/** Catalogue, settings, invoices with the evidence for each line, and the claims that keep a period from being billed twice. */
export async function up(db: Kysely<never>): Promise<void> {
  await createCatalogue(db);
  await createSettings(db);
  await createInvoice(db);
  await createLines(db);
  await createEvidence(db);
  await createClaim(db);
}

/** A client sees what stands behind an invoice that it has, and nothing of a draft. */
const issued = (table: string) =>
  sql<boolean>`exists (select 1 from invoice i where i.msp_id = ${sql.ref(`${table}.msp_id`)} and i.id = ${sql.ref(`${table}.invoice_id`)} and i.state <> 'draft')`;

const ofInvoice = sql`foreign key (msp_id, client_id, invoice_id) references invoice (msp_id, client_id, id) on delete cascade deferrable initially deferred`;

async function createCatalogue(db: Kysely<never>): Promise<void> {
  await sql`
    create table product (
      msp_id uuid not null references msp deferrable initially deferred,
      id uuid not null,
      code text not null,
      name text not null,
      description text not null default '',
      unit text not null,
      price_minor bigint not null check (price_minor >= 0),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      tax_rate numeric(6, 3) not null check (tax_rate between 0 and 100),
      is_active boolean not null default true,
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, code)
    )`.execute(db);
  await sql`create index product_by_name on product (msp_id, lower(name), id)`.execute(db);
  await protectTable(db, 'product', { client: 'none' });
  // A table of its own: who may see prices need not see what they cost.
  await sql`
    create table product_cost (
      msp_id uuid not null,
      product_id uuid not null,
      cost_minor bigint not null check (cost_minor >= 0),
      version integer not null default 1,
      primary key (msp_id, product_id),
      foreign key (msp_id, product_id) references product on delete cascade deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'product_cost', { client: 'none' });
}

async function createSettings(db: Kysely<never>): Promise<void> {
  await sql`
    create table billing_settings (
      msp_id uuid primary key references msp deferrable initially deferred,
      address text not null,
      tax_number text not null,
      bank_details text not null,
      footer text not null,
      tax_name text not null,
      default_tax_rate numeric(6, 3) not null check (default_tax_rate between 0 and 100),
      payment_days integer not null check (payment_days between 0 and 365),
      number_prefix text not null,
      credit_prefix text not null,
      hourly_rate_minor bigint not null check (hourly_rate_minor >= 0),
      version integer not null default 1
    )`.execute(db);
  await protectTable(db, 'billing_settings', { client: 'none' });
  await sql`
    create table billing_client (
      msp_id uuid not null,
      client_id uuid not null,
      address text not null,
      tax_number text not null,
      emails text[] not null,
      is_tax_exempt boolean not null,
      purchase_order text not null,
      payment_days integer check (payment_days between 0 and 365),
      version integer not null default 1,
      primary key (msp_id, client_id),
      foreign key (msp_id, client_id) references client deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'billing_client', { client: 'required' });
  // Its row is locked until the invoice commits, and rolls back with it: that is what leaves no gap.
  await sql`
    create table billing_counter (
      msp_id uuid not null references msp deferrable initially deferred,
      series text not null,
      next_number integer not null,
      primary key (msp_id, series)
    )`.execute(db);
  await protectTable(db, 'billing_counter', { client: 'none' });
}

async function createInvoice(db: Kysely<never>): Promise<void> {
  await sql`
    create table invoice (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      kind text not null check (kind in ('invoice', 'credit-note')),
      state text not null check (state in ('draft', 'approved', 'sent', 'paid', 'void')),
      is_claiming boolean not null,
      number text,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      agreement_id uuid,
      credits_invoice_id uuid,
      credit_reason text check (credit_reason in ('bill-again', 'give-up')),
      service_from date,
      service_until date check (service_until > service_from),
      window_from date,
      window_until date check (window_until > window_from),
      activity_from date,
      activity_until date check (activity_until >= activity_from),
      purchase_order text not null default '',
      note text not null default '',
      issued_on date,
      due_on date,
      issuer jsonb,
      recipient jsonb,
      tax_name text not null,
      net_minor bigint not null,
      tax_minor bigint not null,
      total_minor bigint not null,
      sent_at timestamptz,
      paid_on date,
      payment_reference text not null default '',
      void_reason text not null default '',
      version integer not null default 1,
      created_at timestamptz not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      foreign key (msp_id, client_id) references client deferrable initially deferred,
      foreign key (msp_id, client_id, agreement_id) references agreement (msp_id, client_id, id) deferrable initially deferred,
      foreign key (msp_id, client_id, credits_invoice_id) references invoice (msp_id, client_id, id) deferrable initially deferred,
      check ((state = 'draft') = (number is null)),
      check ((number is null) = (issued_on is null)),
      check (net_minor + tax_minor = total_minor),
      check ((kind = 'credit-note') = (credits_invoice_id is not null))
    )`.execute(db);
  await sql`create unique index invoice_number on invoice (msp_id, number) where number is not null`.execute(db);
  await sql`create unique index invoice_of_period on invoice (msp_id, agreement_id, service_from) where is_claiming and agreement_id is not null`.execute(
    db,
  );
  await sql`create unique index invoice_credited_once on invoice (msp_id, credits_invoice_id) where credits_invoice_id is not null`.execute(
    db,
  );
  await protectTable(db, 'invoice', { client: 'required', contacts: sql<boolean>`state <> 'draft'` });
}

async function createLines(db: Kysely<never>): Promise<void> {
  await sql`
    create table invoice_line (
      msp_id uuid not null,
      id uuid not null,
      client_id uuid not null,
      invoice_id uuid not null,
      place smallint not null,
      kind text not null check (kind in ('flat', 'per-device', 'time-and-materials', 'manual')),
      description text not null,
      product_code text not null,
      agreement_line_id uuid,
      quantity numeric(15, 3) not null,
      unit text not null,
      price_base integer not null check (price_base > 0),
      unit_price_minor bigint not null check (unit_price_minor >= 0),
      net_minor bigint not null,
      tax_rate numeric(6, 3) not null,
      reason text not null,
      primary key (msp_id, id),
      unique (msp_id, client_id, id),
      unique (msp_id, invoice_id, place) deferrable initially deferred,
      ${ofInvoice},
      foreign key (msp_id, client_id, agreement_line_id) references agreement_line (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await protectTable(db, 'invoice_line', { client: 'required', contacts: issued('invoice_line') });
  await sql`
    create table invoice_tax (
      msp_id uuid not null,
      client_id uuid not null,
      invoice_id uuid not null,
      tax_rate numeric(6, 3) not null,
      net_minor bigint not null,
      tax_minor bigint not null,
      primary key (msp_id, invoice_id, tax_rate),
      ${ofInvoice}
    )`.execute(db);
  await protectTable(db, 'invoice_tax', { client: 'required', contacts: issued('invoice_tax') });
}

async function createEvidence(db: Kysely<never>): Promise<void> {
  // No references to assets and time: what was counted stays as it was counted, also when the thing itself goes.
  await sql`
    create table invoice_evidence (
      msp_id uuid not null,
      client_id uuid not null,
      invoice_id uuid not null,
      line_id uuid not null,
      place integer not null,
      kind text not null check (kind in ('asset', 'time-entry')),
      subject_id uuid not null,
      label text not null,
      detail text not null,
      from_at timestamptz not null,
      until_at timestamptz,
      quantity numeric(15, 3) not null,
      reason text not null,
      primary key (msp_id, line_id, place),
      ${ofInvoice},
      foreign key (msp_id, client_id, line_id) references invoice_line (msp_id, client_id, id) on delete cascade deferrable initially deferred
    )`.execute(db);
  await sql`create index invoice_evidence_of_invoice on invoice_evidence (msp_id, client_id, invoice_id, line_id, place)`.execute(
    db,
  );
  await protectTable(db, 'invoice_evidence', { client: 'required', contacts: issued('invoice_evidence') });
}

/** The primary key is the promise: one line of an agreement is billed for one period once. */
async function createClaim(db: Kysely<never>): Promise<void> {
  await sql`
    create table billing_claim (
      msp_id uuid not null,
      client_id uuid not null,
      agreement_line_id uuid not null,
      service_from date not null,
      service_until date not null check (service_until > service_from),
      invoice_id uuid not null,
      primary key (msp_id, agreement_line_id, service_from),
      foreign key (msp_id, client_id, invoice_id) references invoice (msp_id, client_id, id) on delete cascade deferrable initially deferred,
      foreign key (msp_id, client_id, agreement_line_id) references agreement_line (msp_id, client_id, id) deferrable initially deferred
    )`.execute(db);
  await sql`create index billing_claim_of_invoice on billing_claim (msp_id, client_id, invoice_id)`.execute(db);
  await protectTable(db, 'billing_claim', { client: 'required' });
}
