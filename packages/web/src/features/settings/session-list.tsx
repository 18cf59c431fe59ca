import { For, Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { registerPasskey } from '#web/app/auth/auth-api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { RelativeTime } from '#web/ui/relative-time/relative-time.tsx';
import { showDone, showProblem } from '#web/ui/toast/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';

type Session = Awaited<ReturnType<typeof api.identity.listSessions.query>>[number];

const FACTORS: Readonly<Record<Session['factor'], string>> = {
  none: 'not complete',
  password: 'password only',
  totp: 'password and code',
  passkey: 'passkey',
  'magic-link': 'link by mail',
};

/** Where one is signed in, with the way to end it. */
export function SessionList(): JSX.Element {
  const [ending, setEnding] = createSignal('');
  const sessions = createRecordQuery({
    key: () => ['identity.session', 'list'],
    fetch: (signal) => api.identity.listSessions.query({}, { signal }),
  });
  const addPasskey = createSubmit(async () => {
    await registerPasskey(`Passkey of ${Temporal.Now.plainDateISO().toString()}`);
    showDone('The passkey was added');
  });
  const end = async (session: Session): Promise<void> => {
    setEnding(session.id);
    try {
      await api.identity.revokeSession.mutate({ sessionId: session.id });
      await invalidateTopic('identity.session');
      showDone('The session was ended');
    } catch (error) {
      showProblem('The session was not ended', toProblem(error).message);
    } finally {
      setEnding('');
    }
  };
  return (
    <SettingsSection
      title="Where you are signed in"
      lead="End what you do not know. Ending the one that you use now signs you out."
      query={sessions}
      action={
        <Button isBusy={addPasskey.isBusy()} onClick={addPasskey.run}>
          Add a passkey
        </Button>
      }
    >
      {(items) => (
        <>
          <FormProblem problem={addPasskey.problem()} />
          <ul class="divide-y divide-line">
            <For each={items}>
              {(session) => (
                <li class="flex items-center gap-4 py-2.5">
                  <div class="min-w-0 flex-1">
                    <div class="truncate-line">{session.userAgent === '' ? 'Unknown browser' : session.userAgent}</div>
                    <div class="text-muted">
                      <Show when={session.ip !== ''}>{session.ip} · </Show>
                      {FACTORS[session.factor]} · since <RelativeTime iso={session.createdAt} />
                    </div>
                  </div>
                  <Button size="small" isBusy={ending() === session.id} onClick={() => void end(session)}>
                    End
                  </Button>
                </li>
              )}
            </For>
          </ul>
        </>
      )}
    </SettingsSection>
  );
}
