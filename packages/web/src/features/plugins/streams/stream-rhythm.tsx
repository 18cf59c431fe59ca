import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { Field } from '#web/ui/field/field.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { showDone } from '#web/ui/toast/toast-store.ts';
import type { Stream } from '../plugin-words.ts';
import { rhythmChoices } from './rhythm-choices.ts';

/** How often a stream is read: as its plugin asks for, or slower. */
export function StreamRhythm(props: {
  stream: Stream;
  /** The plugin's own rhythm, ISO 8601. */
  every: string;
}): JSX.Element {
  const [chosen, setChosen] = createSignal('');
  const submit = createSubmit(async () => {
    const { id: streamId, version, connectionId } = props.stream;
    await api['plugin-sync'].updateStream.mutate({
      streamId,
      version,
      everySeconds: chosen() === '' ? null : Number(chosen()),
    });
    await invalidateTopic('plugin-connection', connectionId);
    showDone('The stream is read at the new rhythm');
  });
  return (
    <Field
      label="How often it is read"
      hint="Not faster than the plugin asks for: vendors limit how much may be asked."
      error={submit.problem()?.fields['everySeconds'] ?? submit.problem()?.message}
    >
      {(control) => (
        <Select
          {...control}
          disabled={submit.isBusy()}
          value={props.stream.everySeconds === null ? '' : String(props.stream.everySeconds)}
          onChange={(value) => {
            setChosen(value);
            submit.run();
          }}
          options={rhythmChoices(props.every, props.stream.everySeconds)}
        />
      )}
    </Field>
  );
}
