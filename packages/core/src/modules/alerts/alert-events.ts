import { z } from 'zod';
import { defineEvent } from '#kernel/event';
import { clientIdSchema } from '#kernel/id';
import { alertIdSchema } from './alert-view.ts';

const payload = z.object({ alertId: alertIdSchema, clientId: clientIdSchema });

/** An alert opened. Its version is 1; the recovery of the same alert has a higher one, and may be delivered first. */
export const alertRaised = defineEvent('alerts.alert-raised', payload);

/** A person looks after an alert. Once for each alert. */
export const alertAcknowledged = defineEvent('alerts.alert-acknowledged', payload);

/** An alert recovered. An alert never opens again: the next breach is a new alert. */
export const alertRecovered = defineEvent('alerts.alert-recovered', payload);
