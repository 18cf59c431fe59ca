/** A packed plugin that comes with the server. */
export interface CatalogueEntry {
  /** `bailiwick/zabbix`. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly kind: string;
  readonly tier: string;
  readonly digest: string;
  readonly publisherKey: string;
  /** The packed file. */
  bytes(): Promise<Uint8Array>;
}

/** The plugins that come with the server, by name. They are trusted as the server is: their publisher's key may change with it. */
export interface PluginCatalogue {
  list(): Promise<readonly CatalogueEntry[]>;
}
