import type { ClientId } from '#kernel/id';
import type { AssetQueries } from '#modules/assets';
import type { BillingSettings } from '#modules/billing';
import type { ClientQueries, ContactQueries } from '#modules/tenancy';
import type { ScopedTransaction } from '#platform/db/scoped-transaction';
import { NameIndex } from './company-name.ts';
import { keyOf, toKey, type Hint } from './evidence.ts';
import type { KeyStore } from './key-store.ts';
import type { ClientBook } from './match-scope.ts';
import type { PluginScopeTables } from './scope-table.ts';

interface Deps {
  readonly clients: ClientQueries;
  readonly contacts: ContactQueries;
  readonly billing: BillingSettings;
  readonly assets: AssetQueries;
  readonly keys: KeyStore;
}

/** What domains and tax numbers are compared as has no source. */
const ANYWHERE = { plugin: '', connectionId: '' };

/** Gathers what is known of clients that some hints could speak of: five queries, however many scopes there are. */
export class ClientBooks {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The book for these hints. Archived clients are not in it. */
  async forHints(tx: ScopedTransaction<PluginScopeTables>, hints: readonly Hint[]): Promise<ClientBook> {
    const { clients, contacts, billing, assets, keys } = this.#deps;
    const known = await clients.identities(tx);
    const current = new Set(known.map((client) => client.id));
    const book = {
      keys: sets(current),
      serials: sets(current),
      emails: sets(current),
      names: new NameIndex<ClientId>(),
    };
    for (const client of known) {
      book.names.add(client.id, client.name);
      for (const name of client.emailDomains) {
        const domain = toKey('domain', name, ANYWHERE);
        if (domain !== null) book.keys.add(keyOf(domain), client.id);
      }
    }
    for (const { clientId, taxNumber } of await billing.taxNumbers(tx)) {
      const key = toKey('tax-id', taxNumber, ANYWHERE);
      if (key !== null) book.keys.add(keyOf(key), clientId);
    }
    for (const { hint, clientId } of await keys.holders(tx, hints)) book.keys.add(keyOf(hint), clientId);
    for (const { serial, clientId } of await assets.clientsBySerial(tx, valuesOf(hints, 'device-serial')))
      book.serials.add(serial, clientId);
    for (const { email, clientId } of await contacts.clientsByEmail(tx, valuesOf(hints, 'email')))
      book.emails.add(email, clientId);
    return {
      keys: book.keys.byValue,
      serials: book.serials.byValue,
      emails: book.emails.byValue,
      names: book.names,
    };
  }
}

function valuesOf(hints: readonly Hint[], kind: Hint['kind']): string[] {
  return [...new Set(hints.filter((hint) => hint.kind === kind).map((hint) => hint.value))];
}

/** Clients by a value, those that are no longer served left out. */
function sets(current: ReadonlySet<ClientId>): {
  byValue: Map<string, Set<ClientId>>;
  add(value: string, clientId: ClientId): void;
} {
  const byValue = new Map<string, Set<ClientId>>();
  return {
    byValue,
    add(value, clientId) {
      if (!current.has(clientId)) return;
      const holders = byValue.get(value);
      if (holders === undefined) byValue.set(value, new Set([clientId]));
      else holders.add(clientId);
    },
  };
}
