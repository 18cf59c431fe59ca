import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema } from '#kernel/id';

/** A client was added. */
export const clientCreated = defineEvent('tenancy.client-created', z.object({ clientId: clientIdSchema }));
