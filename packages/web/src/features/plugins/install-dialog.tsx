import ShieldAlert from 'lucide-solid/icons/shield-alert';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import { For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { createRecordQuery } from '#web/app/query/create-record-query.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Button } from '#web/ui/button/button.tsx';
import { DescriptionList } from '#web/ui/description-list/description-list.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { ErrorState } from '#web/ui/error-state/error-state.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import { SkeletonText } from '#web/ui/skeleton/skeleton.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import { TIERS, type Preview } from './plugin-words.ts';

interface InstallDialogProps {
  /** The packed file that was received; undefined while the dialog is closed. */
  readonly packageId: string | undefined;
  readonly onClose: () => void;
  readonly onDone: (pluginId: string) => void;
}

/** What a plugin asks for, in words, before anything of it runs. */
export function InstallDialog(props: InstallDialogProps): JSX.Element {
  return (
    <Dialog
      isOpen={props.packageId !== undefined}
      onOpenChange={(isOpen) => (isOpen ? undefined : props.onClose())}
      title="What this plugin asks for"
      width="wide"
    >
      <Show when={props.packageId} keyed>
        {(packageId) => <Consent packageId={packageId} onClose={props.onClose} onDone={props.onDone} />}
      </Show>
    </Dialog>
  );
}

function Consent(props: { packageId: string; onClose: () => void; onDone: (pluginId: string) => void }): JSX.Element {
  const preview = createRecordQuery({
    key: () => ['plugin-package', 'one', props.packageId],
    fetch: (signal) => api.plugins.previewPlugin.query({ packageId: props.packageId }, { signal }),
  });
  return (
    <Switch>
      <Match when={preview.problem()}>
        {(problem) => <ErrorState title="The plugin cannot be read" problem={problem()} onRetry={preview.retry} />}
      </Match>
      <Match when={preview.value()}>
        {(value) => <Ask preview={value()} onClose={props.onClose} onDone={props.onDone} />}
      </Match>
      <Match when={preview.isLoading()}>
        <SkeletonText lines={8} />
      </Match>
    </Switch>
  );
}

const TRUST: Readonly<Record<Preview['publisher']['trust'], string>> = {
  server: 'comes with this server',
  pinned: 'the key that you trusted before',
  new: 'a publisher that is new to you: its key is trusted from now on',
  changed: 'NOT the key that you trusted before',
};

function Ask(props: { preview: Preview; onClose: () => void; onDone: (pluginId: string) => void }): JSX.Element {
  const isRefused = () => props.preview.publisher.trust === 'changed' || props.preview.update?.isSameFile === true;
  const submit = createSubmit(async () => {
    const { packageId, digest, update } = props.preview;
    if (update === null) {
      const { pluginId } = await api.plugins.installPlugin.mutate({ packageId, digest });
      await invalidateTopic('plugin');
      showDone(`${props.preview.title} is installed`);
      props.onDone(pluginId);
      return;
    }
    const { pluginId, rowVersion, added } = update;
    await api.plugins.updatePlugin.mutate({
      pluginId,
      rowVersion,
      packageId,
      digest,
      accepts: added.map((ask) => ask.key),
    });
    await invalidateTopic('plugin');
    showDone(`${props.preview.title} ${props.preview.version} runs now`);
    props.onDone(pluginId);
  });
  return (
    <div class="flex flex-col gap-4">
      <div>
        <h3 class="text-title font-semibold">
          {props.preview.title} {props.preview.version}
        </h3>
        <p class="text-muted">{props.preview.description}</p>
      </div>
      <Show when={props.preview.publisher.trust === 'changed'}>
        <p class="rounded-control bg-critical-soft p-3 text-critical-text">
          This file is signed by another key than the one of this publisher that you trust. It cannot be installed. Ask
          the publisher whether the key was changed on purpose.
        </p>
      </Show>
      <Show
        when={props.preview.update}
        fallback={
          <section>
            <h4 class="pb-1 font-medium">If you install it, it may</h4>
            <AskList asks={props.preview.asks} />
          </section>
        }
      >
        {(update) => (
          <section>
            <h4 class="pb-1 font-medium">
              {update().isSameFile
                ? 'This version runs already.'
                : `From ${update().fromVersion} to ${props.preview.version}${update().isOlder ? ', which is older' : ''}. ${
                    update().added.length === 0 ? 'It asks for nothing more than before.' : 'It asks for more:'
                  }`}
            </h4>
            <AskList asks={update().added} />
            <Show when={update().removed.length > 0}>
              <p class="pt-2 text-muted">
                No longer asked for:{' '}
                {update()
                  .removed.map((ask) => ask.text)
                  .join('; ')}
              </p>
            </Show>
          </section>
        )}
      </Show>
      <DescriptionList
        items={[
          {
            term: 'Publisher',
            value: (
              <>
                {props.preview.publisher.name}, {TRUST[props.preview.publisher.trust]}
              </>
            ),
          },
          { term: 'Its key', value: <code class="font-mono break-all">{props.preview.publisher.fingerprint}</code> },
          { term: 'Acceptance', value: TIERS[props.preview.tier] ?? props.preview.tier },
          { term: 'Licence', value: props.preview.licence },
          { term: 'Reports of weaknesses', value: props.preview.securityContact },
          { term: 'Digest', value: <code class="font-mono break-all">{props.preview.digest}</code> },
        ]}
      />
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onClose()}>Cancel</Button>
        <Button kind="primary" isBusy={submit.isBusy()} disabled={isRefused()} onClick={submit.run}>
          {props.preview.update === null ? 'Allow this and install' : 'Allow this and update'}
        </Button>
      </div>
    </div>
  );
}

/** What a plugin may do; what deserves a second look stands out. */
export function AskList(props: { asks: Preview['asks'] }): JSX.Element {
  return (
    <ul class="flex flex-col gap-1.5">
      <For each={props.asks}>
        {(ask) => (
          <li class="flex gap-2">
            <Show
              when={ask.isStrong}
              fallback={<ShieldCheck size={16} class="mt-0.5 shrink-0 text-muted" aria-hidden="true" />}
            >
              <ShieldAlert size={16} class="mt-0.5 shrink-0 text-warning-text" aria-label="Look twice" />
            </Show>
            <span class={ask.isStrong ? 'font-medium' : ''}>{ask.text}</span>
          </li>
        )}
      </For>
    </ul>
  );
}
