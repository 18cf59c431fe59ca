import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { pluginIdSchema } from './plugin-table.ts';

/** Another version of a plugin runs from now on, or it was switched on or off. */
export const pluginChanged = defineEvent('plugins.plugin-changed', z.object({ pluginId: pluginIdSchema }));
