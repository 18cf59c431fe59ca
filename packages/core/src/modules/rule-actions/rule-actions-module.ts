import type { DependencyContainer } from 'tsyringe';
import { ClockToken } from '#kernel/tokens';
import { RequestApproval } from '#modules/approvals';
import { ChooseWatchers } from '#modules/mail-intake';
import { RunMacro, TicketValues } from '#modules/replies';
import { MspQueries } from '#modules/tenancy';
import { AssignTicket } from '#modules/ticket-assignment';
import { Checklists } from '#modules/ticket-checklists';
import { SnoozeTicket } from '#modules/ticket-snooze';
import { CommentOnTicket, UpdateTicket } from '#modules/tickets';
import { Mailer } from '#platform/mail/mailer';
import { defineModule, provide } from '#platform/module';
import { SettingsToken } from '#platform/settings-token';
import { ApplyActions } from './apply-actions.ts';
import { NotifyStaff } from './notify-staff.ts';
import { PerformAction } from './perform-action.ts';

export const ruleActionsModule = defineModule({
  name: 'rule-actions',
  tables: [],
  permissions: [],
  register(container) {
    provide(
      container,
      NotifyStaff,
      (c) =>
        new NotifyStaff({
          mailer: c.resolve(Mailer),
          msps: c.resolve(MspQueries),
          publicUrl: publicUrlOf(c),
        }),
    );
    provide(
      container,
      PerformAction,
      (c) =>
        new PerformAction({
          update: c.resolve(UpdateTicket),
          comments: c.resolve(CommentOnTicket),
          assign: c.resolve(AssignTicket),
          snooze: c.resolve(SnoozeTicket),
          watchers: c.resolve(ChooseWatchers),
          macros: c.resolve(RunMacro),
          checklists: c.resolve(Checklists),
          approvals: c.resolve(RequestApproval),
          values: c.resolve(TicketValues),
          notify: c.resolve(NotifyStaff),
          clock: c.resolve(ClockToken),
        }),
    );
    provide(container, ApplyActions, (c) => new ApplyActions({ perform: c.resolve(PerformAction) }));
  },
  operations: () => ({}),
});

function publicUrlOf(c: DependencyContainer): string {
  const settings = c.resolve(SettingsToken);
  return (settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, '');
}
