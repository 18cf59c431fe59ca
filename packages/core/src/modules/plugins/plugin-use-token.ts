import type { InjectionToken } from 'tsyringe';
import type { PluginUse } from './plugins-needs.ts';

/** Given by the module that runs plugins. */
export const PluginUseToken: InjectionToken<PluginUse> = Symbol('PluginUse');
