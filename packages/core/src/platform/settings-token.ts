import type { InjectionToken } from 'tsyringe';
import type { Settings } from './settings.ts';

/** The process's settings, for adapters that read one of them. */
export const SettingsToken: InjectionToken<Settings> = Symbol('Settings');
