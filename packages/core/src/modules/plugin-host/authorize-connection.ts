import { createHash } from 'node:crypto';
import { CallFailed, finishConsent, startConsent } from '@bailiwick/plugin-runtime';
import { PluginError } from '@bailiwick/sdk';
import { z } from 'zod';
import type { Clock } from '#kernel/clock';
import { ConflictError, InvalidInputError } from '#kernel/errors';
import { newId } from '#kernel/id';
import { requirePermission, requireWholeMsp, type TenantScope } from '#kernel/tenant-scope';
import type { AuditTrail } from '#modules/audit';
import type { InstalledPlugin, InstalledPlugins } from '#modules/plugins';
import type { ScopedDb } from '#platform/db/scoped-db';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import type { SecretBox } from '#platform/secrets/secret-box';
import { isConsent } from './call-outcome-store.ts';
import type { ChangeConnection } from './change-connection.ts';
import { typeOf } from './connection-draft.ts';
import type { ConnectionRow } from './connection-queries.ts';
import type { ConnectionSecrets } from './connection-secrets.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { ConnectionDraft, OpenConnections } from './open-connections.ts';
import type { MakePluginScope } from './plugin-host-needs.ts';
import { connectionIdSchema, type ConnectionId, type PluginHostTables } from './plugin-host-table.ts';

export const startAuthorizationInput = z.object({ connectionId: connectionIdSchema });

/** What the vendor's redirect brings back. */
interface ReturnedConsent {
  readonly state: string;
  readonly code?: string;
  readonly error?: string;
}

/** How long a person may take at the vendor. */
const MINUTES = 10;
const TABLE = 'plugin_authorization';

interface Deps {
  readonly db: ScopedDb;
  readonly store: ConnectionStore;
  readonly secrets: ConnectionSecrets;
  readonly box: SecretBox;
  readonly plugins: InstalledPlugins;
  readonly open: OpenConnections;
  readonly change: ChangeConnection;
  readonly makeScope: MakePluginScope;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  /** Where vendors send people back to. */
  readonly redirectUri: string;
}

type Tx = ScopedTransaction<PluginHostTables>;

/** The consent of a person at the vendor (RFC 6749 §4.1 with RFC 7636): sent there with a state that is theirs alone, taken back once. The only writer of `plugin_authorization`. */
export class AuthorizeConnection {
  readonly #db: ScopedDb<PluginHostTables>;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#db = deps.db.typed<PluginHostTables>();
    this.#deps = deps;
  }

  /** Where to send the browser. Throws `plugin-host.connection-not-found`, `plugin-host.no-consent-needed`, `plugin-host.bad-config`. */
  async start(
    scope: TenantScope,
    { connectionId }: z.output<typeof startAuthorizationInput>,
  ): Promise<{ url: string }> {
    const { clock, box, redirectUri } = this.#deps;
    return this.#db.transaction(scope, async (tx) => {
      const { row, plugin, draft } = await this.#load(tx, connectionId);
      if (row.client_id === null) requireWholeMsp(scope);
      if (!isConsent(draft))
        throw new ConflictError('plugin-host.no-consent-needed', `${row.name} signs in without anybody’s consent.`);
      const { connection } = this.#deps.open.consentParts(plugin, draft, this.#tokens(scope, row));
      const begun = whileSetUp(() => startConsent(connection, redirectUri));
      const id = newId();
      await this.#sweep(tx);
      await tx.query
        .insertInto(TABLE)
        .values({
          msp_id: scope.mspId,
          id,
          client_id: row.client_id,
          connection_id: row.id,
          state_hash: hashOf(begun.state),
          actor_id: scope.actor.id,
          sealed_verifier: await box.seal(tx, { clientId: row.client_id, table: TABLE, rowId: id }, begun.codeVerifier),
          expires_at: clock.now().add({ minutes: MINUTES }),
        })
        .execute();
      return { url: begun.url };
    });
  }

  /**
   * Takes a person back from the vendor, once and within ten minutes, and tests the connection. Throws `plugin-host.authorization-unknown` for any state that is not this person's, used
   * or too old, and `plugin-host.authorization-refused`.
   */
  async finish(
    scope: TenantScope,
    input: ReturnedConsent,
  ): Promise<{ connectionId: ConnectionId; isWorking: boolean }> {
    requirePermission(scope, 'plugin-host.manage-connections');
    const { audit, change, open, redirectUri } = this.#deps;
    const taken = await this.#db.transaction(scope, async (tx) => {
      const started = await this.#take(tx, input.state);
      return { ...started, ...(await this.#load(tx, started.connectionId)) };
    });
    const { row, plugin, draft, connectionId, codeVerifier } = taken;
    if (input.code === undefined)
      throw new ConflictError(
        'plugin-host.authorization-refused',
        `The vendor did not give its consent${input.error === undefined ? '' : ` (${input.error})`}.`,
      );
    const parts = open.consentParts(plugin, draft, this.#tokens(scope, row));
    try {
      await finishConsent(parts, { code: input.code, codeVerifier, redirectUri });
    } catch (error) {
      if (error instanceof PluginError || error instanceof CallFailed)
        throw new ConflictError('plugin-host.authorization-refused', error.message, { cause: error });
      throw error;
    } finally {
      parts.transport.close();
    }
    open.forget(connectionId);
    await this.#db.transaction(scope, (tx) =>
      audit.record(tx, {
        action: 'plugin-host.authorize-connection',
        subject: { kind: 'plugin connection', id: row.id, clientId: row.client_id },
        summary: `Consented at the vendor to the connection ${row.name}`,
      }),
    );
    const { isWorking } = await change.test(scope, { connectionId });
    return { connectionId, isWorking };
  }

  /** Deleted as it is read, so that it serves once even for two at the same time. */
  async #take(tx: Tx, state: string): Promise<{ connectionId: ConnectionId; codeVerifier: string }> {
    const row = await tx.query
      .deleteFrom(TABLE)
      .where('state_hash', '=', hashOf(state))
      .where('actor_id', '=', tx.scope.actor.id)
      .where('expires_at', '>', this.#deps.clock.now())
      .returningAll()
      .executeTakeFirst();
    if (row === undefined)
      throw new InvalidInputError(
        'plugin-host.authorization-unknown',
        'This return from the vendor belongs to no sign-in of yours that is under way. Start it again from the connection.',
      );
    const place = { clientId: row.client_id, table: TABLE, rowId: row.id };
    const verifier = await this.#deps.box.open(tx, place, row.sealed_verifier);
    return { connectionId: row.connection_id, codeVerifier: verifier.toString() };
  }

  async #sweep(tx: Tx): Promise<void> {
    await tx.query.deleteFrom(TABLE).where('expires_at', '<=', this.#deps.clock.now()).execute();
  }

  async #load(
    tx: Tx,
    connectionId: ConnectionId,
  ): Promise<{ row: ConnectionRow; plugin: InstalledPlugin; draft: ConnectionDraft }> {
    const { store, plugins, secrets } = this.#deps;
    const row = await store.get(tx, connectionId);
    const plugin = await plugins.byId(tx.scope, row.plugin_id, tx);
    const draft: ConnectionDraft = {
      id: row.id,
      type: typeOf(plugin, row.type),
      config: row.config,
      secrets: await secrets.fields(tx, row.id),
      approvals: row.approvals,
      limits: row.limits,
    };
    return { row, plugin, draft };
  }

  #tokens(scope: TenantScope, row: ConnectionRow) {
    const own = this.#deps.makeScope(scope.mspId, { id: row.id, label: row.name });
    return this.#deps.open.tokens(own, { id: row.id, clientId: row.client_id });
  }
}

function whileSetUp<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PluginError)
      throw new InvalidInputError('plugin-host.bad-config', error.message, { cause: error });
    throw error;
  }
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
