import type { Capabilities, PluginManifest } from '@bailiwick/sdk';
import type { Accepted, CapabilitySentence, PluginDescription } from '@bailiwick/plugin-runtime';
import type { Generated, JSONColumnType } from 'kysely';
import { idSchema, type Id, type MspId } from '#kernel/id';
import type { FileKey } from '#platform/files/file-store';

export type PluginId = Id<'plugin'>;
export type PluginVersionId = Id<'plugin-version'>;
export type PluginPackageId = Id<'plugin-package'>;
export const pluginIdSchema = idSchema('plugin');
export const pluginPackageIdSchema = idSchema('plugin-package');

/** `removed`: uninstalled, while what it brought is kept. */
export type PluginState = 'enabled' | 'disabled' | 'removed';

/** What the acceptance kit found when the plugin was packed, as its publisher signed it. */
export type PluginTier = Accepted['tier'];

export interface PluginTables {
  plugin_publisher: {
    msp_id: MspId;
    id: string;
    name: string;
    public_key: string;
    pinned_at: Temporal.Instant;
  };
  plugin_package: {
    msp_id: MspId;
    id: PluginPackageId;
    digest: string;
    storage_key: FileKey;
    size_bytes: number;
    name: string;
    version: string;
    publisher: string;
    public_key: string;
    tier: PluginTier;
    manifest: JSONColumnType<PluginManifest, string, never>;
    description: JSONColumnType<PluginDescription, string, never>;
    received_by: string;
    received_at: Temporal.Instant;
  };
  plugin: {
    msp_id: MspId;
    id: PluginId;
    name: string;
    state: PluginState;
    version_id: PluginVersionId;
    previous_version_id: PluginVersionId | null;
    version: Generated<number>;
    created_at: Temporal.Instant;
  };
  plugin_version: {
    msp_id: MspId;
    id: PluginVersionId;
    plugin_id: PluginId;
    package_id: PluginPackageId;
    consent: JSONColumnType<CapabilitySentence[], string, never>;
    grants: JSONColumnType<Capabilities, string, never>;
    consented_by: string;
    consented_at: Temporal.Instant;
  };
}
