import { Match, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { choiceField, createUrlState } from '#web/app/routing/url-state.ts';
import { useSession } from '#web/app/session/session.tsx';
import { ScreenHead } from '#web/ui/screen-head/screen-head.tsx';
import { Tabs } from '#web/ui/tabs/tabs.tsx';
import { ApiKeyList } from './api-key-list.tsx';
import { DeskSettings } from './desk/desk-settings.tsx';
import { TeamSettings } from './desk/team-settings.tsx';
import { AuditTrail } from './audit-trail.tsx';
import { MailboxSettings } from './mailboxes/mailbox-settings.tsx';
import { MspSettings } from './msp-settings.tsx';
import { RequestFormSettings } from './request-forms/form-settings.tsx';
import { ReplySettings } from './replies/reply-settings.tsx';
import { RoleList } from './role-list.tsx';
import { RulesSettings } from './rules/rules-settings.tsx';
import { SessionList } from './session-list.tsx';
import { SlaSettings } from './sla/sla-settings.tsx';
import { StaffList } from './staff-list.tsx';

const TABS = [
  'account',
  'keys',
  'staff',
  'roles',
  'company',
  'desk',
  'teams',
  'forms',
  'mailboxes',
  'sla',
  'replies',
  'rules',
  'audit',
] as const;

/** What the person, and what the MSP, can set. */
export function Settings(): JSX.Element {
  const { can } = useSession();
  const [state, setState] = createUrlState({ tab: choiceField(TABS, 'account') });
  const tabs = () => [
    { value: 'account', label: 'Sessions' },
    { value: 'keys', label: 'API keys' },
    ...(can('identity.read-staff')
      ? [
          { value: 'staff', label: 'Staff' },
          { value: 'roles', label: 'Roles' },
        ]
      : []),
    ...(can('tenancy.manage-msp') ? [{ value: 'company', label: 'Company' }] : []),
    ...(can('desk-catalogue.read-catalogue') ? [{ value: 'desk', label: 'Tickets' }] : []),
    ...(can('teams.read-teams') ? [{ value: 'teams', label: 'Teams' }] : []),
    ...(can('mail-inbox.read-mailboxes') ? [{ value: 'mailboxes', label: 'Mailboxes' }] : []),
    ...(can('request-forms.read-forms') ? [{ value: 'forms', label: 'Portal forms' }] : []),
    ...(can('sla.read-rules') ? [{ value: 'sla', label: 'SLA' }] : []),
    ...(can('replies.use-texts') ? [{ value: 'replies', label: 'Replies' }] : []),
    ...(can('desk-rules.read-rules') ? [{ value: 'rules', label: 'Rules' }] : []),
    ...(can('audit.read-entries') ? [{ value: 'audit', label: 'Audit trail' }] : []),
  ];
  return (
    <>
      <ScreenHead title="Settings">
        <Tabs
          label="Settings"
          items={tabs()}
          value={state.tab}
          onChange={(tab) => setState({ tab: tab as (typeof TABS)[number] })}
        />
      </ScreenHead>
      <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <Switch>
          <Match when={state.tab === 'replies'}>
            <ReplySettings />
          </Match>
          <Match when={state.tab === 'account'}>
            <SessionList />
          </Match>
          <Match when={state.tab === 'keys'}>
            <ApiKeyList />
          </Match>
          <Match when={state.tab === 'staff'}>
            <StaffList />
          </Match>
          <Match when={state.tab === 'roles'}>
            <RoleList />
          </Match>
          <Match when={state.tab === 'company'}>
            <MspSettings />
          </Match>
          <Match when={state.tab === 'desk'}>
            <DeskSettings />
          </Match>
          <Match when={state.tab === 'teams'}>
            <TeamSettings />
          </Match>
          <Match when={state.tab === 'mailboxes'}>
            <MailboxSettings />
          </Match>
          <Match when={state.tab === 'forms'}>
            <RequestFormSettings />
          </Match>
          <Match when={state.tab === 'sla'}>
            <SlaSettings />
          </Match>
          <Match when={state.tab === 'rules'}>
            <RulesSettings />
          </Match>
          <Match when={state.tab === 'audit'}>
            <AuditTrail />
          </Match>
        </Switch>
      </div>
    </>
  );
}
