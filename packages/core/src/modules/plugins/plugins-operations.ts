import { z } from 'zod';
import { defineCommand, defineQuery, defineUpload } from '#kernel/operation';
import { text } from '#kernel/text';
import { changePluginInput, uninstallPluginInput, type ChangePlugin } from './change-plugin.ts';
import { installPluginInput, updatePluginInput, type InstallPlugin } from './install-plugin.ts';
import type { PluginPackages } from './plugin-packages.ts';
import { getPluginInput, type PluginQueries } from './plugin-queries.ts';
import { pluginIdSchema, pluginPackageIdSchema } from './plugin-table.ts';
import { catalogueView, pluginDetailView, pluginView, previewView } from './plugin-view.ts';
import { previewPluginInput, type PreviewPlugin } from './preview-plugin.ts';

interface Needs {
  readonly queries: PluginQueries;
  readonly packages: PluginPackages;
  readonly preview: PreviewPlugin;
  readonly install: InstallPlugin;
  readonly change: ChangePlugin;
}

const READ = 'plugins.read-plugins';
const MANAGE = 'plugins.manage-plugins';
const received = z.object({ packageId: pluginPackageIdSchema });
const changed = z.object({ rowVersion: z.int() });

/** What the outside may ask of this module. */
export function pluginsOperations(needs: Needs) {
  return { ...readOperations(needs), ...receiveOperations(needs), ...changeOperations(needs) };
}

function readOperations({ queries, preview }: Needs) {
  return {
    listCatalogue: defineQuery({
      name: 'plugins.list-catalogue',
      permission: READ,
      input: z.object({}),
      output: catalogueView,
      rest: { method: 'GET', path: '/plugin-catalogue', summary: 'Plugins that come with the server' },
      run: (scope) => queries.catalogue(scope),
    }),
    listPlugins: defineQuery({
      name: 'plugins.list-plugins',
      permission: READ,
      input: z.object({}),
      output: z.object({ items: z.array(pluginView) }),
      rest: { method: 'GET', path: '/plugins', summary: 'Installed plugins, by name' },
      run: async (scope) => ({ items: await queries.list(scope) }),
    }),
    getPlugin: defineQuery({
      name: 'plugins.get-plugin',
      permission: READ,
      input: getPluginInput,
      output: pluginDetailView,
      rest: { method: 'GET', path: '/plugins/{pluginId}', summary: 'One plugin and all that it may do' },
      run: (scope, input) => queries.get(scope, input.pluginId),
    }),
    previewPlugin: defineQuery({
      name: 'plugins.preview-plugin',
      permission: READ,
      input: previewPluginInput,
      output: previewView,
      rest: { method: 'GET', path: '/plugin-packages/{packageId}', summary: 'What a packed plugin asks for, in words' },
      run: (scope, input) => preview.run(scope, input),
    }),
  };
}

function receiveOperations({ packages, install }: Needs) {
  return {
    addFromCatalogue: defineCommand({
      name: 'plugins.add-from-catalogue',
      permission: MANAGE,
      input: z.object({ name: text({ max: 100 }) }),
      output: received,
      rest: {
        method: 'POST',
        path: '/plugin-packages/from-catalogue',
        summary: 'Take a plugin that comes with the server',
      },
      run: (scope, input) => packages.addFromCatalogue(scope, input.name),
    }),
    uploadPlugin: defineUpload({
      name: 'plugins.upload-plugin',
      permission: MANAGE,
      input: z.object({}),
      output: received,
      rest: {
        method: 'POST',
        path: '/plugin-packages',
        summary: 'Upload a packed plugin, to be previewed and installed',
      },
      run: (scope, _input, upload) => packages.upload(scope, upload),
    }),
    installPlugin: defineCommand({
      name: 'plugins.install-plugin',
      permission: MANAGE,
      input: installPluginInput,
      output: z.object({ pluginId: pluginIdSchema }),
      rest: { method: 'POST', path: '/plugins', summary: 'Install what the preview of this digest showed' },
      run: (scope, input) => install.run(scope, input),
    }),
    updatePlugin: defineCommand({
      name: 'plugins.update-plugin',
      permission: MANAGE,
      input: updatePluginInput,
      output: changed,
      rest: { method: 'POST', path: '/plugins/{pluginId}/update', summary: 'Put another version into service' },
      run: (scope, input) => install.update(scope, input),
    }),
  };
}

function changeOperations({ change }: Needs) {
  return {
    rollBackPlugin: defineCommand({
      name: 'plugins.roll-back-plugin',
      permission: MANAGE,
      input: changePluginInput,
      output: changed,
      rest: { method: 'POST', path: '/plugins/{pluginId}/roll-back', summary: 'Go back to the version before' },
      run: (scope, input) => change.rollBack(scope, input),
    }),
    enablePlugin: defineCommand({
      name: 'plugins.enable-plugin',
      permission: MANAGE,
      input: changePluginInput,
      output: changed,
      rest: { method: 'POST', path: '/plugins/{pluginId}/enable', summary: 'Switch a plugin on' },
      run: (scope, input) => change.enable(scope, input),
    }),
    disablePlugin: defineCommand({
      name: 'plugins.disable-plugin',
      permission: MANAGE,
      input: changePluginInput,
      output: changed,
      rest: { method: 'POST', path: '/plugins/{pluginId}/disable', summary: 'Switch a plugin off' },
      run: (scope, input) => change.disable(scope, input),
    }),
    uninstallPlugin: defineCommand({
      name: 'plugins.uninstall-plugin',
      permission: MANAGE,
      input: uninstallPluginInput,
      output: z.object({}),
      rest: { method: 'POST', path: '/plugins/{pluginId}/uninstall', summary: 'Remove a plugin and its connections' },
      run: async (scope, input) => {
        await change.uninstall(scope, input);
        return {};
      },
    }),
  };
}
