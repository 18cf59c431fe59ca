import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { InvalidInputError, NotFoundError } from '#kernel/errors';
import { clientIdSchema, type ClientId } from '#kernel/id';
import type { Download, Upload } from '#kernel/operation';
import { requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { ClientQueries } from '#modules/tenancy';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { AnyTransaction, ScopedTransaction } from '#platform/db/scoped-transaction';
import type { BrandingTables } from './branding-table.ts';
import { MAX_LOGO_BYTES, readLogo, type LogoType } from './logo-image.ts';

/** A client's, or without one the MSP's. */
export const brandInput = z.object({ clientId: clientIdSchema.optional() });
export const setClientHueInput = z.object({
  clientId: clientIdSchema,
  /** In degrees of OKLCH; null takes the MSP's again. */
  accentHue: z.int().min(0).max(359, { error: 'must be a hue from 0 to 359' }).nullable(),
});
export const brandView = z.object({
  accentHue: z.int().nullable(),
  /** Changes with the logo, for its address; null where there is none. */
  logoVersion: z.string().nullable(),
});
type BrandView = z.output<typeof brandView>;
type Tx = ScopedTransaction<BrandingTables>;

interface Deps {
  readonly db: ScopedDb;
  readonly clients: ClientQueries;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** The look of the portal: the MSP's logo, and the logo and colour of a client that has its own. */
export class Brands {
  readonly #db: ScopedDb<BrandingTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<BrandingTables>();
    this.#deps = deps;
  }

  /** What of the MSP or of the client is its own. Throws `tenancy.client-not-found`. */
  async get(scope: TenantScope, clientId?: ClientId): Promise<BrandView> {
    if (clientId !== undefined) await this.#deps.clients.get(scope, clientId);
    const rows = await this.#looks(scope, clientId);
    const row = clientId === undefined ? rows.msp : rows.client;
    return { accentHue: row?.accent_hue ?? null, logoVersion: versionOf(row) };
  }

  /** What a contact of the client sees: the client's own, else the MSP's; a hue of null is that of the MSP. */
  async ofContact(scope: TenantScope): Promise<BrandView> {
    const { client, msp } = await this.#looks(scope, clientOf(scope));
    return { accentHue: client?.accent_hue ?? null, logoVersion: versionOf(client) ?? versionOf(msp) };
  }

  /** The logo of the MSP or of the client. Throws `branding.no-logo`. */
  async logo(scope: TenantScope, clientId?: ClientId): Promise<Download> {
    const row =
      clientId === undefined
        ? await this.#db.readFirst(scope, (query) => query.selectFrom('branding_msp').select(['logo', 'logo_type']))
        : await this.#db.readFirst(scope, (query) =>
            query.selectFrom('branding_client').select(['logo', 'logo_type']).where('client_id', '=', clientId),
          );
    if (row === undefined || row.logo === null || row.logo_type === null) throw noLogo();
    return {
      fileName: `logo.${row.logo_type.slice('image/'.length)}`,
      contentType: row.logo_type,
      body: new Uint8Array(row.logo),
      disposition: 'inline',
    };
  }

  /** The logo that a contact sees. Throws `branding.no-logo`. */
  async logoOfContact(scope: TenantScope): Promise<Download> {
    const clientId = clientOf(scope);
    const { client } = await this.#looks(scope, clientId);
    return this.logo(scope, versionOf(client) === null ? undefined : clientId);
  }

  /** Throws `branding.not-a-logo`, `scope.needs-all-clients` for the MSP's, `tenancy.client-not-found`. */
  async putLogo(scope: TenantScope, clientId: ClientId | undefined, upload: Upload): Promise<void> {
    const bytes = await readAll(upload.body);
    const image = readLogo(bytes);
    if (typeof image === 'string')
      throw new InvalidInputError('branding.not-a-logo', `The logo ${image}.`, {
        fields: [{ path: ['body'], message: image }],
      });
    await this.#change(scope, clientId, { logo: Buffer.from(bytes), type: image.type }, 'Changed the logo');
  }

  /** Idempotent. Throws `scope.needs-all-clients` for the MSP's, `tenancy.client-not-found`. */
  async removeLogo(scope: TenantScope, clientId?: ClientId): Promise<void> {
    await this.#change(scope, clientId, null, 'Took the logo away');
  }

  /** Throws `tenancy.client-not-found`. */
  async setClientHue(scope: TenantScope, { clientId, accentHue }: z.output<typeof setClientHueInput>): Promise<void> {
    await this.#deps.clients.get(scope, clientId);
    await this.#db.transaction(scope, async (tx) => {
      const look = { accent_hue: accentHue, changed_at: this.#deps.clock.now() };
      await tx.query
        .insertInto('branding_client')
        .values({ msp_id: scope.mspId, client_id: clientId, logo: null, logo_type: null, ...look })
        .onConflict((conflict) => conflict.columns(['msp_id', 'client_id']).doUpdateSet(look))
        .execute();
      await this.#told(tx, clientId, 'Changed the colour of the portal', { accentHue });
    });
  }

  async #change(
    scope: TenantScope,
    clientId: ClientId | undefined,
    logo: { logo: Buffer; type: LogoType } | null,
    summary: string,
  ): Promise<void> {
    if (clientId === undefined) requireWholeMsp(scope);
    else await this.#deps.clients.get(scope, clientId);
    const look = { logo: logo?.logo ?? null, logo_type: logo?.type ?? null, changed_at: this.#deps.clock.now() };
    await this.#db.transaction(scope, async (tx) => {
      await putLook(tx, clientId, look);
      await this.#told(tx, clientId ?? null, summary, { type: look.logo_type, sizeBytes: look.logo?.byteLength ?? 0 });
    });
  }

  async #told(tx: AnyTransaction, clientId: ClientId | null, summary: string, after: object): Promise<void> {
    await this.#deps.audit.record(tx, {
      action: 'branding.change-brand',
      subject: { kind: clientId === null ? 'msp' : 'client', id: clientId ?? tx.scope.mspId, clientId },
      summary,
      after: { ...after },
    });
  }

  async #looks(scope: TenantScope, clientId: ClientId | undefined) {
    const [msp, client] = await Promise.all([
      this.#db.readFirst(scope, (query) => query.selectFrom('branding_msp').select(['logo_type', 'changed_at'])),
      clientId === undefined
        ? undefined
        : this.#db.readFirst(scope, (query) =>
            query
              .selectFrom('branding_client')
              .select(['accent_hue', 'logo_type', 'changed_at'])
              .where('client_id', '=', clientId),
          ),
    ]);
    return { msp: msp === undefined ? undefined : { ...msp, accent_hue: null }, client };
  }
}

async function putLook(
  tx: Tx,
  clientId: ClientId | undefined,
  look: { logo: Buffer | null; logo_type: LogoType | null; changed_at: Temporal.Instant },
): Promise<void> {
  const { mspId } = tx.scope;
  await (
    clientId === undefined
      ? tx.query
          .insertInto('branding_msp')
          .values({ msp_id: mspId, ...look })
          .onConflict((conflict) => conflict.column('msp_id').doUpdateSet(look))
      : tx.query
          .insertInto('branding_client')
          .values({ msp_id: mspId, client_id: clientId, accent_hue: null, ...look })
          .onConflict((conflict) => conflict.columns(['msp_id', 'client_id']).doUpdateSet(look))
  ).execute();
}

/** The one client of a contact. */
function clientOf(scope: TenantScope): ClientId | undefined {
  return scope.reach.kind === 'only' ? scope.reach.clientIds[0] : undefined;
}

function versionOf(row: { logo_type: LogoType | null; changed_at: Temporal.Instant } | undefined): string | null {
  return row === undefined || row.logo_type === null ? null : String(row.changed_at.epochMilliseconds);
}

/** As much as a logo may have and one chunk more; the rest is not read. */
async function readAll(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MAX_LOGO_BYTES) break;
  }
  return Buffer.concat(chunks);
}

function noLogo(): NotFoundError {
  return new NotFoundError('branding.no-logo', 'There is no logo.');
}
