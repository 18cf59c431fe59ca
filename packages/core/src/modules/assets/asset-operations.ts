import { z } from 'zod';
import { defineCommand, defineDownload, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { archiveAssetInput, type ArchiveAsset } from './archive-asset.ts';
import { ASSET_KINDS, assetIdSchema } from './asset.ts';
import { getAssetInput, listChangesInput, listServicesInput, type AssetDetailQueries } from './asset-detail-queries.ts';
import { exportAssets } from './asset-export.ts';
import { countAssetsInput, listAssetsInput, type AssetQueries } from './asset-queries.ts';
import { assetChangeView, assetDetailView, assetView, serviceView, softwareView } from './asset-view.ts';
import { createAssetInput, type CreateAsset } from './create-asset.ts';
import {
  listSoftwareHoldersInput,
  listSoftwareInput,
  listSoftwareTitlesInput,
  listSoftwareVersionsInput,
  softwareHolderView,
  softwareTitleView,
  softwareVersionView,
  type SoftwareQueries,
} from './software-queries.ts';
import { updateAssetInput, type UpdateAsset } from './update-asset.ts';

interface Needs {
  readonly assets: AssetQueries;
  readonly details: AssetDetailQueries;
  readonly software: SoftwareQueries;
  readonly createAsset: CreateAsset;
  readonly updateAsset: UpdateAsset;
  readonly archiveAsset: ArchiveAsset;
}

const READ = 'assets.read-assets';
const MANAGE = 'assets.manage-assets';

/** What the outside may ask of this module. */
export function assetOperations(needs: Needs) {
  return { ...assetReads(needs), ...assetDetails(needs), ...softwareReads(needs), ...assetChanges(needs) };
}

function assetReads({ assets, details }: Needs) {
  return {
    listAssets: defineQuery({
      name: 'assets.list-assets',
      permission: READ,
      audience: 'both',
      input: listAssetsInput,
      output: pageOf(assetView),
      rest: { method: 'GET', path: '/assets', summary: 'Assets, by name or last seen' },
      run: (scope, input) => assets.list(scope, input),
    }),
    countAssets: defineQuery({
      name: 'assets.count-assets',
      permission: READ,
      audience: 'both',
      input: countAssetsInput,
      output: z.object({
        total: z.int(),
        online: z.int(),
        clients: z.int(),
        byKind: z.partialRecord(z.enum(ASSET_KINDS), z.int()),
      }),
      run: (scope, input) => assets.count(scope, input),
    }),
    getAsset: defineQuery({
      name: 'assets.get-asset',
      permission: READ,
      audience: 'both',
      input: getAssetInput,
      output: assetDetailView,
      rest: {
        method: 'GET',
        path: '/assets/{assetId}',
        summary: 'One asset with its facts, each with source and time',
      },
      run: (scope, input) => details.get(scope, input.assetId),
    }),
    exportAssets: defineDownload({
      name: 'assets.export-assets',
      permission: READ,
      audience: 'both',
      input: countAssetsInput,
      rest: { method: 'GET', path: '/asset-exports/assets.csv', summary: 'Assets as CSV' },
      run: async (scope, input) => exportAssets(assets, scope, input),
    }),
  };
}

function assetDetails({ details }: Needs) {
  return {
    listAssetServices: defineQuery({
      name: 'assets.list-asset-services',
      permission: READ,
      input: listServicesInput,
      output: z.object({ items: z.array(serviceView) }),
      rest: { method: 'GET', path: '/assets/{assetId}/services', summary: 'The services of an asset' },
      run: (scope, input) => details.services(scope, input),
    }),
    listAssetChanges: defineQuery({
      name: 'assets.list-asset-changes',
      permission: READ,
      input: listChangesInput,
      output: pageOf(assetChangeView),
      rest: { method: 'GET', path: '/assets/{assetId}/changes', summary: 'What changed about an asset, newest first' },
      run: (scope, input) => details.changes(scope, input),
    }),
  };
}

function softwareReads({ software }: Needs) {
  return {
    listAssetSoftware: defineQuery({
      name: 'assets.list-asset-software',
      permission: READ,
      input: listSoftwareInput,
      output: pageOf(softwareView),
      rest: {
        method: 'GET',
        path: '/assets/{assetId}/software',
        summary: 'The software of an asset, with first and last seen',
      },
      run: (scope, input) => software.ofAsset(scope, input),
    }),
    listSoftwareTitles: defineQuery({
      name: 'assets.list-software-titles',
      permission: READ,
      input: listSoftwareTitlesInput,
      output: pageOf(softwareTitleView),
      rest: { method: 'GET', path: '/software', summary: 'Software over all clients, by name' },
      run: (scope, input) => software.titles(scope, input),
    }),
    listSoftwareVersions: defineQuery({
      name: 'assets.list-software-versions',
      permission: READ,
      input: listSoftwareVersionsInput,
      output: z.object({ items: z.array(softwareVersionView) }),
      rest: { method: 'GET', path: '/software/versions', summary: 'Which versions of one software are installed' },
      run: (scope, input) => software.versions(scope, input),
    }),
    listSoftwareHolders: defineQuery({
      name: 'assets.list-software-holders',
      permission: READ,
      input: listSoftwareHoldersInput,
      output: pageOf(softwareHolderView),
      rest: { method: 'GET', path: '/software/assets', summary: 'Which assets have one software' },
      run: (scope, input) => software.holders(scope, input),
    }),
  };
}

function assetChanges({ createAsset, updateAsset, archiveAsset }: Needs) {
  return {
    createAsset: defineCommand({
      name: 'assets.create-asset',
      permission: MANAGE,
      input: createAssetInput,
      output: z.object({ assetId: assetIdSchema }),
      rest: { method: 'POST', path: '/assets', summary: 'Add an asset by hand' },
      run: (scope, input) => createAsset.run(scope, input),
    }),
    updateAsset: defineCommand({
      name: 'assets.update-asset',
      permission: MANAGE,
      input: updateAssetInput,
      output: z.object({ version: z.int() }),
      rest: {
        method: 'PATCH',
        path: '/assets/{assetId}',
        summary: 'Change an asset; typed values are locked, null lets go',
      },
      run: (scope, input) => updateAsset.run(scope, input),
    }),
    archiveAsset: defineCommand({
      name: 'assets.archive-asset',
      permission: MANAGE,
      input: archiveAssetInput,
      output: z.object({ version: z.int() }),
      rest: { method: 'POST', path: '/assets/{assetId}/archive', summary: 'Archive an asset, or bring it back' },
      run: (scope, input) => archiveAsset.run(scope, input),
    }),
  };
}
