import MapPin from 'lucide-solid/icons/map-pin';
import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createListQuery } from '#web/app/query/create-list-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { Field } from '#web/ui/field/field.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { Input } from '#web/ui/input/input.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { timeZoneOptions, type Client, type Site } from './client-words.ts';

/** The places where a client works. */
export function ClientSites(props: { client: Client }): JSX.Element {
  const { can } = useSession();
  const [editing, setEditing] = createSignal<Site | 'new'>();
  const sites = createListQuery<Site>({
    key: () => ['tenancy.site', 'list', props.client.id],
    fetchPage: (cursor, signal) =>
      api.tenancy.listSites.query(
        { clientId: props.client.id, ...(cursor === undefined ? {} : { cursor }) },
        { signal },
      ),
  });
  return (
    <div class="max-w-220">
      <div class="mb-3 flex items-center gap-2">
        <h2 class="text-large font-semibold">Sites</h2>
        <Show when={can('tenancy.manage-clients')}>
          <Button class="ml-auto" icon={Plus} onClick={() => setEditing('new')}>
            Add site
          </Button>
        </Show>
      </div>
      <Show when={sites.problem()}>
        {(problem) => <ErrorState title="Sites could not be loaded" problem={problem()} onRetry={sites.retry} />}
      </Show>
      <Show when={sites.isLoading()}>
        <SkeletonText lines={4} />
      </Show>
      <Show when={!sites.isLoading() && sites.problem() === undefined && sites.items().length === 0}>
        <EmptyState icon={MapPin} title="No sites yet">
          A site has its own address and time zone. Windows for patching and hours of support follow the site’s zone.
        </EmptyState>
      </Show>
      <ul class="divide-y divide-line">
        <For each={sites.items()}>
          {(site) => (
            <li class="flex items-center gap-4 py-2.5">
              <div class="min-w-0 flex-1">
                <button
                  type="button"
                  class="font-medium hover:underline"
                  disabled={!can('tenancy.manage-clients')}
                  onClick={() => setEditing(site)}
                >
                  {site.name}
                </button>
                <div class="text-muted">{[site.address, site.country].filter((part) => part !== '').join(' · ')}</div>
              </div>
              <span class="text-muted">{site.timeZone}</span>
            </li>
          )}
        </For>
      </ul>
      <Dialog
        isOpen={editing() !== undefined}
        onOpenChange={(isOpen) => {
          if (!isOpen) setEditing(undefined);
        }}
        title={editing() === 'new' ? 'New site' : 'Change site'}
      >
        <Show when={editing()} keyed>
          {(site) => (
            <SiteForm
              client={props.client}
              site={site === 'new' ? undefined : site}
              onClose={() => setEditing(undefined)}
            />
          )}
        </Show>
      </Dialog>
    </div>
  );
}

function SiteForm(props: { client: Client; site: Site | undefined; onClose: () => void }): JSX.Element {
  const [values, set] = createStore({
    name: props.site?.name ?? '',
    timeZone: props.site?.timeZone ?? props.client.timeZone,
    address: props.site?.address ?? '',
    country: props.site?.country ?? '',
  });
  const submit = createSubmit(async () => {
    const { site } = props;
    if (site === undefined) await api.tenancy.createSite.mutate({ clientId: props.client.id, ...values });
    else await api.tenancy.updateSite.mutate({ siteId: site.id, version: site.version, ...values });
    await invalidateTopic('tenancy.site');
    props.onClose();
  });
  const errors = () => submit.problem()?.fields ?? {};
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <FormProblem problem={submit.problem()} />
      <Field label="Name" isRequired error={errors()['name']}>
        {(control) => (
          <Input
            {...control}
            required
            autofocus
            maxLength={120}
            value={values.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Address" error={errors()['address']}>
        {(control) => (
          <Input
            {...control}
            maxLength={500}
            value={values.address}
            onInput={(event) => set('address', event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="grid grid-cols-2 gap-4">
        <Field label="Country" hint="Two letters: GB, DE, US." error={errors()['country']}>
          {(control) => (
            <Input
              {...control}
              maxLength={2}
              value={values.country}
              onInput={(event) => set('country', event.currentTarget.value.toUpperCase())}
            />
          )}
        </Field>
        <Field label="Time zone" isRequired error={errors()['timeZone']}>
          {(control) => (
            <Select
              {...control}
              value={values.timeZone}
              onChange={(zone) => set('timeZone', zone)}
              options={timeZoneOptions()}
            />
          )}
        </Field>
      </div>
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          {props.site === undefined ? 'Add site' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
