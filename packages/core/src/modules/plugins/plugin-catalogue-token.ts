import type { InjectionToken } from 'tsyringe';
import type { PluginCatalogue } from './plugin-catalogue.ts';

/** Given at composition. */
export const PluginCatalogueToken: InjectionToken<PluginCatalogue> = Symbol('PluginCatalogue');
