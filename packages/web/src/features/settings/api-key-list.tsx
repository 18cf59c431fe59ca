import KeyRound from 'lucide-solid/icons/key-round';
import Plus from 'lucide-solid/icons/plus';
import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { EmptyState } from '#web/ui/empty-state/empty-state.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { NewApiKey } from './new-api-key.tsx';
import { SettingsSection } from './settings-section.tsx';

type ApiKey = Awaited<ReturnType<typeof api.identity.listApiKeys.query>>[number];

/** One's own API keys. */
export function ApiKeyList(): JSX.Element {
  const [isAdding, setAdding] = createSignal(false);
  const keys = createRecordQuery({
    key: () => ['identity.api-key', 'list'],
    fetch: (signal) => api.identity.listApiKeys.query({}, { signal }),
  });
  const revoke = async (key: ApiKey): Promise<void> => {
    try {
      await api.identity.revokeApiKey.mutate({ apiKeyId: key.id });
      await invalidateTopic('identity.api-key');
      showDone(`${key.name} was revoked`);
    } catch (error) {
      showProblem('The key was not revoked', toProblem(error).message);
    }
  };
  return (
    <>
      <SettingsSection
        title="API keys"
        lead="A key acts for you, and never does more than you may. It ends by itself."
        query={keys}
        action={
          <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
            New key
          </Button>
        }
      >
        {(items) => (
          <Show
            when={items.length > 0}
            fallback={
              <EmptyState icon={KeyRound} title="You have no API keys">
                Programs use keys for the API under /api/v1.
              </EmptyState>
            }
          >
            <ul class="divide-y divide-line">
              <For each={items}>
                {(key) => (
                  <li class="flex items-center gap-4 py-2.5">
                    <div class="min-w-0 flex-1">
                      <div class="font-medium">
                        {key.name} <span class="font-mono font-normal text-muted">{key.prefix}…</span>
                      </div>
                      <div class="text-muted">
                        {key.permissions.length} permissions · {reachText(key)} · ends{' '}
                        <RelativeTime iso={key.expiresAt} />
                        <Show when={key.lastUsedAt} fallback=" · never used">
                          {(at) => (
                            <>
                              {' · used '}
                              <RelativeTime iso={at()} />
                            </>
                          )}
                        </Show>
                      </div>
                    </div>
                    <Button size="small" onClick={() => void revoke(key)}>
                      Revoke
                    </Button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </SettingsSection>
      <NewApiKey isOpen={isAdding()} onOpenChange={setAdding} />
    </>
  );
}

function reachText(key: ApiKey): string {
  if (key.reach.kind === 'all') return 'all your clients';
  const count = key.reach.clientIds.length;
  return key.reach.kind === 'only' ? `${count} clients` : `all but ${count} clients`;
}
