import { agreementsModule } from '#modules/agreements';
import { alertsModule } from '#modules/alerts';
import { approvalsModule } from '#modules/approvals';
import { assetsModule } from '#modules/assets';
import { auditModule } from '#modules/audit';
import { billingModule } from '#modules/billing';
import { brandingModule } from '#modules/branding';
import { deskCatalogueModule } from '#modules/desk-catalogue';
import { deskFieldsModule } from '#modules/desk-fields';
import { deskRulesModule } from '#modules/desk-rules';
import { directoryModule } from '#modules/directory';
import { endpointsModule } from '#modules/endpoints';
import { escalationsModule } from '#modules/escalations';
import { filesModule } from '#modules/files';
import { holidayFeedsModule } from '#modules/holiday-feeds';
import { identityModule } from '#modules/identity';
import { knowledgeModule } from '#modules/knowledge';
import { mailInboxModule } from '#modules/mail-inbox';
import { mailIntakeModule } from '#modules/mail-intake';
import { mailboxConsentModule } from '#modules/mailbox-consent';
import { monitoringModule } from '#modules/monitoring';
import { noticesModule } from '#modules/notices';
import { olaModule } from '#modules/ola';
import { outboxModule } from '#modules/outbox';
import { patchingModule } from '#modules/patching';
import { pluginActionsModule } from '#modules/plugin-actions';
import { pluginEventsModule } from '#modules/plugin-events';
import { pluginHostModule } from '#modules/plugin-host';
import { pluginScopesModule } from '#modules/plugin-scopes';
import { pluginSyncModule } from '#modules/plugin-sync';
import { pluginToolsModule } from '#modules/plugin-tools';
import { pluginViewsModule } from '#modules/plugin-views';
import { pluginsModule } from '#modules/plugins';
import { recurringTicketsModule } from '#modules/recurring-tickets';
import { slaModule } from '#modules/sla';
import { ticketChecklistsModule } from '#modules/ticket-checklists';
import { problemsModule } from '#modules/problems';
import { reportingModule } from '#modules/reporting';
import { repliesModule } from '#modules/replies';
import { requestFormsModule } from '#modules/request-forms';
import { ruleActionsModule } from '#modules/rule-actions';
import { ruleConditionsModule } from '#modules/rule-conditions';
import { satisfactionModule } from '#modules/satisfaction';
import { teamsModule } from '#modules/teams';
import { tenancyModule } from '#modules/tenancy';
import { ticketBulkModule } from '#modules/ticket-bulk';
import { ticketAssignmentModule } from '#modules/ticket-assignment';
import { prepaidHoursModule } from '#modules/prepaid-hours';
import { ticketMergingModule } from '#modules/ticket-merging';
import { ticketSnoozeModule } from '#modules/ticket-snooze';
import { ticketPresenceModule } from '#modules/ticket-presence';
import { ticketViewsModule } from '#modules/ticket-views';
import { ticketsModule } from '#modules/tickets';
import { timeModule } from '#modules/time';
import { whatIfModule } from '#modules/what-if';

/** All modules, in their order: each may import only from those before it. The one list that a new module is added to. */
export const modules = [
  auditModule,
  directoryModule,
  tenancyModule,
  identityModule,
  brandingModule,
  filesModule,
  outboxModule,
  noticesModule,
  teamsModule,
  deskCatalogueModule,
  mailInboxModule,
  mailboxConsentModule,
  agreementsModule,
  assetsModule,
  endpointsModule,
  monitoringModule,
  patchingModule,
  alertsModule,
  deskFieldsModule,
  slaModule,
  knowledgeModule,
  holidayFeedsModule,
  ticketsModule,
  ticketSnoozeModule,
  ticketAssignmentModule,
  problemsModule,
  ticketViewsModule,
  ticketPresenceModule,
  olaModule,
  escalationsModule,
  ticketBulkModule,
  mailIntakeModule,
  timeModule,
  ticketChecklistsModule,
  ticketMergingModule,
  prepaidHoursModule,
  recurringTicketsModule,
  repliesModule,
  satisfactionModule,
  requestFormsModule,
  approvalsModule,
  ruleConditionsModule,
  ruleActionsModule,
  deskRulesModule,
  billingModule,
  reportingModule,
  whatIfModule,
  pluginsModule,
  pluginHostModule,
  pluginScopesModule,
  pluginSyncModule,
  pluginActionsModule,
  pluginViewsModule,
  pluginToolsModule,
  pluginEventsModule,
] as const;
