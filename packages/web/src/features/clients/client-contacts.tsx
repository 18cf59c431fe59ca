import Mail from 'lucide-solid/icons/mail';
import Plus from 'lucide-solid/icons/plus';
import Users from 'lucide-solid/icons/users';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { Badge } from '#web/ui/status-pill/status-pill.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { PORTAL_ROLES, type Contact } from './client-words.ts';
import { ContactForm } from './contact-form.tsx';

/** A client's people: who they are, and what they may do in the portal. */
export function ClientContacts(props: { clientId: string }): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Contact | 'new'>();
  const contacts = createListQuery<Contact>({
    key: () => ['tenancy.contact', 'list', props.clientId],
    fetchPage: (cursor, signal) =>
      api.tenancy.listContacts.query(
        { clientId: props.clientId, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  const invite = async (contact: Contact): Promise<void> => {
    try {
      await api.identity.inviteContact.mutate({ contactId: contact.id });
      showDone(`${contact.name} was mailed a link into the portal`);
    } catch (error) {
      showProblem('The invitation was not sent', toProblem(error).message);
    }
  };
  return (
    <div class="max-w-220">
      <div class="mb-3 flex items-center gap-2">
        <h2 class="text-large font-semibold">Contacts</h2>
        <Show when={can('tenancy.manage-clients')}>
          <Button class="ml-auto" icon={Plus} onClick={() => setEditing('new')}>
            Add contact
          </Button>
        </Show>
      </div>
      <Show when={contacts.problem()}>
        {(problem) => <ErrorState title="Contacts could not be loaded" problem={problem()} onRetry={contacts.retry} />}
      </Show>
      <Show when={contacts.isLoading()}>
        <SkeletonText lines={5} />
      </Show>
      <Show when={!contacts.isLoading() && contacts.problem() === undefined && contacts.items().length === 0}>
        <EmptyState icon={Users} title="No contacts yet">
          Contacts open tickets by mail, and by the portal once you invite them.
        </EmptyState>
      </Show>
      <ul class="divide-y divide-line">
        <For each={contacts.items()}>
          {(contact) => (
            <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5">
              <div class="min-w-0 flex-1">
                <button
                  type="button"
                  class="font-medium hover:underline"
                  disabled={!can('tenancy.manage-clients')}
                  onClick={() => setEditing(contact)}
                >
                  {contact.name}
                </button>
                <Show when={!contact.isActive}>
                  {' '}
                  <Badge>Left</Badge>
                </Show>
                <div class="text-muted">
                  {contact.email}
                  {contact.phone === '' ? '' : ` · ${contact.phone}`}
                </div>
              </div>
              <span class="text-muted">{PORTAL_ROLES[contact.portalRole]}</span>
              <Show when={can('identity.invite-contact') && contact.isActive && contact.portalRole !== 'none'}>
                <Button size="small" icon={Mail} onClick={() => void invite(contact)}>
                  Invite to portal
                </Button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={contacts.hasMore()}>
        <Button class="mt-2" isBusy={contacts.isLoadingMore()} onClick={() => contacts.loadMore()}>
          More
        </Button>
      </Show>
      <ContactForm clientId={props.clientId} contact={editing()} onClose={() => setEditing(undefined)} />
    </div>
  );
}
