import { z } from 'zod';
import { idSchema } from '#kernel/id';
import { defineCommand, defineQuery } from '#kernel/operation';
import { pageOf } from '#kernel/page';
import { decideUpdatesInput, type DecideUpdates } from './decide-updates.ts';
import { listInstallsInput, type InstallQueries } from './install-queries.ts';
import {
  installUpdatesInput,
  MAX_ASSETS_AT_ONCE,
  previewInstallInput,
  type InstallUpdates,
} from './install-updates.ts';
import {
  assetUpdatesInput,
  listPatchStatusInput,
  listPendingUpdatesInput,
  type PatchQueries,
} from './patch-queries.ts';
import { assetUpdateView, installPlanView, installView, patchStatusView, pendingUpdateView } from './patch-view.ts';

interface Needs {
  readonly patches: PatchQueries;
  readonly installs: InstallQueries;
  readonly decideUpdates: DecideUpdates;
  readonly installUpdates: InstallUpdates;
}

const READ = 'patching.read-updates';

/** What the outside may ask of this module. */
export function patchOperations(needs: Needs) {
  return { ...patchReads(needs), ...patchChanges(needs) };
}

function patchReads({ patches, installs }: Needs) {
  return {
    listPendingUpdates: defineQuery({
      name: 'patching.list-pending-updates',
      permission: READ,
      input: listPendingUpdatesInput,
      output: pageOf(pendingUpdateView),
      rest: {
        method: 'GET',
        path: '/patching/updates',
        summary: 'Pending updates over all clients: security first, then by machines',
      },
      run: (scope, input) => patches.pendingUpdates(scope, input),
    }),
    listPatchStatus: defineQuery({
      name: 'patching.list-patch-status',
      permission: READ,
      audience: 'both',
      input: listPatchStatusInput,
      output: pageOf(patchStatusView),
      rest: { method: 'GET', path: '/patching/assets', summary: 'How machines stand, the most urgent first' },
      run: (scope, input) => patches.statuses(scope, input),
    }),
    getAssetUpdates: defineQuery({
      name: 'patching.get-asset-updates',
      permission: READ,
      audience: 'both',
      input: assetUpdatesInput,
      output: z.object({ status: patchStatusView.nullable(), updates: z.array(assetUpdateView) }),
      rest: {
        method: 'GET',
        path: '/assets/{assetId}/updates',
        summary: 'What one machine waits for, and what holds for each',
      },
      run: (scope, input) => patches.ofAsset(scope, input.assetId),
    }),
    listInstalls: defineQuery({
      name: 'patching.list-installs',
      permission: READ,
      audience: 'both',
      input: listInstallsInput,
      output: pageOf(installView),
      rest: {
        method: 'GET',
        path: '/patching/installs',
        summary: 'Installations with the result of each package, newest first',
      },
      run: (scope, input) => installs.list(scope, input),
    }),
  };
}

function patchChanges({ decideUpdates, installUpdates }: Needs) {
  return {
    decideUpdates: defineCommand({
      name: 'patching.decide-updates',
      permission: 'patching.decide-updates',
      input: decideUpdatesInput,
      output: z.object({ updateCount: z.int() }),
      rest: { method: 'POST', path: '/patching/decisions', summary: 'Approve, reject or defer updates' },
      run: (scope, input) => decideUpdates.run(scope, input),
    }),
    previewInstall: defineQuery({
      name: 'patching.preview-install',
      permission: 'patching.install-updates',
      input: previewInstallInput,
      output: installPlanView,
      rest: {
        method: 'GET',
        path: '/patching/install-plan',
        summary: 'What an installation would do, and the numbers to confirm',
      },
      run: async (scope, input) => {
        const plan = await installUpdates.preview(scope, input);
        return {
          ...plan,
          assets: plan.assets.map((asset) => ({ ...asset, packages: [...asset.packages] })),
          maxAssetCount: MAX_ASSETS_AT_ONCE,
        };
      },
    }),
    installUpdates: defineCommand({
      name: 'patching.install-updates',
      permission: 'patching.install-updates',
      input: installUpdatesInput,
      output: z.object({ batchId: idSchema('patch-batch'), assetCount: z.int() }),
      rest: { method: 'POST', path: '/patching/installs', summary: 'Install approved updates on chosen machines' },
      run: (scope, input) => installUpdates.run(scope, input),
    }),
  };
}
