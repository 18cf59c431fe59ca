import { agreementsModule } from '#modules/agreements';
import { assetsModule } from '#modules/assets';
import { auditModule } from '#modules/audit';
import { directoryModule } from '#modules/directory';
import { endpointsModule } from '#modules/endpoints';
import { filesModule } from '#modules/files';
import { identityModule } from '#modules/identity';
import { outboxModule } from '#modules/outbox';
import { patchingModule } from '#modules/patching';
import { tenancyModule } from '#modules/tenancy';
import { ticketsModule } from '#modules/tickets';

/** All modules, in their order: each may import only from those before it. The one list that a new module is added to. */
export const modules = [
  auditModule,
  directoryModule,
  tenancyModule,
  identityModule,
  filesModule,
  outboxModule,
  agreementsModule,
  assetsModule,
  endpointsModule,
  patchingModule,
  ticketsModule,
] as const;
