import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Avatar } from '#web/ui/avatar/avatar.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { Badge } from '#web/ui/status-pill/status-pill.tsx';
import { InviteStaff } from './invite-staff.tsx';
import { EditStaff } from './edit-staff.tsx';
import { SettingsSection } from './settings-section.tsx';
import { ROLE_WORDS, type Staff } from './staff-words.ts';

/** Who works for the MSP. */
export function StaffList(): JSX.Element {
  const { can } = useSession();
  const [isInviting, setInviting] = createSignal(false);
  const [editing, setEditing] = createSignal<Staff>();
  const staff = createRecordQuery({
    key: () => ['identity.staff', 'list'],
    fetch: (signal) => api.identity.listStaff.query({ limit: 200 }, { signal }),
  });
  return (
    <>
      <SettingsSection
        title="Staff"
        lead="Everybody signs in with a second factor. A membership can end by itself, and can be kept to some clients."
        query={staff}
        action={
          <Show when={can('identity.manage-staff')}>
            <Button kind="primary" icon={Plus} onClick={() => setInviting(true)}>
              Invite
            </Button>
          </Show>
        }
      >
        {(page) => (
          <ul class="divide-y divide-line">
            <For each={page.items}>
              {(member) => (
                <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
                  <Avatar name={member.name} />
                  <div class="min-w-0 flex-1">
                    <div class="font-medium">{member.name}</div>
                    <div class="text-muted">
                      {member.email} · {reachText(member)}
                      <Show when={member.expiresAt}>
                        {(at) => (
                          <>
                            {' · until '}
                            <RelativeTime iso={at()} />
                          </>
                        )}
                      </Show>
                    </div>
                  </div>
                  <For each={member.standardRoles}>{(role) => <Badge>{ROLE_WORDS[role]}</Badge>}</For>
                  <Show when={can('identity.manage-staff')}>
                    <Button size="small" onClick={() => setEditing(member)}>
                      Change
                    </Button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        )}
      </SettingsSection>
      <InviteStaff isOpen={isInviting()} onOpenChange={setInviting} />
      <EditStaff member={editing()} onClose={() => setEditing(undefined)} />
    </>
  );
}

function reachText({ reach }: Staff): string {
  if (reach.kind === 'all') return 'all clients';
  return reach.kind === 'only' ? `${reach.clientIds.length} clients` : `all but ${reach.clientIds.length} clients`;
}
