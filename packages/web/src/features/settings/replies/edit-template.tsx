import { Show, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { createSubmit } from '#web/app/auth/create-submit.ts';
import { invalidateTopic } from '#web/app/query/query-client.ts';
import { createTemplates, type Template } from '#web/features/replies/writing-source.ts';
import { Button } from '#web/ui/button/button.tsx';
import { Dialog } from '#web/ui/dialog/dialog.tsx';
import { FormProblem } from '#web/ui/form-problem/form-problem.tsx';
import type { RichEditorApi } from '#web/ui/rich-editor/editor-api.ts';
import { RichEditor } from '#web/ui/rich-editor/rich-editor.tsx';
import { Select } from '#web/ui/select/select.tsx';
import { NameFields, type Named } from './name-fields.tsx';

/** A canned reply, new or changed. */
export function EditTemplate(props: { template: Template | 'new' | undefined; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      isOpen={props.template !== undefined}
      onOpenChange={() => props.onClose()}
      title={props.template === 'new' ? 'New canned reply' : 'Change a canned reply'}
      width="wide"
    >
      <Show when={props.template} keyed>
        {(template) => <Form template={template === 'new' ? undefined : template} onDone={props.onClose} />}
      </Show>
    </Dialog>
  );
}

function Form(props: { template: Template | undefined; onDone: () => void }): JSX.Element {
  const templates = createTemplates();
  const [named, setNamed] = createSignal<Named>(props.template ?? { name: '', folder: '', isShared: false });
  const [html, setHtml] = createSignal(props.template?.html ?? '');
  let editor: RichEditorApi | undefined;
  const submit = createSubmit(async () => {
    const { name, folder, isShared } = named();
    const given = { name, folder, html: html(), language: props.template?.language ?? null };
    if (props.template === undefined) await api.replies.createTemplate.mutate({ ...given, isShared });
    else
      await api.replies.updateTemplate.mutate({
        ...given,
        templateId: props.template.id,
        version: props.template.version,
      });
    await invalidateTopic('reply-template');
    props.onDone();
  });
  return (
    <form class="flex flex-col gap-4" onSubmit={submit.onSubmit}>
      <NameFields named={named()} onChange={setNamed} isNew={props.template === undefined} problem={submit.problem()} />
      <RichEditor
        label="Text"
        placeholder="Hello {{contact.firstName}}, …"
        html={html()}
        onChange={setHtml}
        onSubmit={() => submit.run()}
        api={(given) => {
          editor = given;
        }}
      />
      <Select
        aria-label="Put in a placeholder"
        value=""
        onChange={(name) => name !== '' && editor?.insert({ kind: 'html', html: `{{${name}}}` })}
        options={[
          { value: '', label: 'Put in a placeholder…' },
          ...(templates.value()?.placeholders ?? []).map(({ name, title }) => ({ value: name, label: title })),
        ]}
      />
      <FormProblem problem={submit.problem()} />
      <div class="flex justify-end gap-2">
        <Button onClick={() => props.onDone()}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={submit.isBusy()}>
          Save
        </Button>
      </div>
    </form>
  );
}
