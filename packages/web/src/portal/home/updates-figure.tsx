import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { useSession } from '#web/app/session/session.tsx';
import { Figure } from './card.tsx';
import { t } from '#web/language/language.ts';

/** How many of the client's computers have all security updates. Says nothing where none reports them. */
export function UpdatesFigure(): JSX.Element {
  const { can } = useSession();
  const status = createRecordQuery({
    key: () => ['patch-status', 'list', 'portal-home'],
    fetch: (signal) => api.patching.listPatchStatus.query({ limit: 200 }, { signal }),
    isEnabled: () => can('patching.read-updates'),
  });
  const machines = () => status.value()?.items ?? [];
  const safe = () => machines().filter((machine) => machine.securityCount === 0).length;
  const restarts = () => machines().filter((machine) => machine.isRebootRequired).length;
  return (
    <Show when={machines().length > 0}>
      <Figure name={t('home.updates')} value={t('home.updated', safe(), machines().length)}>
        {safe() === machines().length ? t('home.allUpdated') : t('home.stillWait', machines().length - safe())}{' '}
        {t('home.restarts', restarts())}
        <A class="block pt-2 text-base text-accent-text hover:underline" href="/computers">
          {t('home.seeComputers')}
        </A>
      </Figure>
    </Show>
  );
}
