import Paperclip from 'lucide-solid/icons/paperclip';
import X from 'lucide-solid/icons/x';
import { For, Show, createSignal } from 'solid-js';
import type { Accessor, JSX } from 'solid-js';
import { problemFromResponse, toProblem } from '#web/app/problem/problem.ts';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { showProblem } from '#web/ui/toast/toast-store.ts';

interface Uploaded {
  readonly id: string;
  readonly name: string;
}

export interface Attachments {
  readonly files: Accessor<readonly Uploaded[]>;
  readonly isUploading: Accessor<boolean>;
  readonly add: (files: Iterable<File>) => void;
  readonly remove: (id: string) => void;
  readonly clear: () => void;
}

/** Files that go up while one still writes; sent, they belong to the comment. `onImage` hears of each picture, to be shown among the words. */
export function createAttachments(clientId: () => string, onImage?: (file: Uploaded) => void): Attachments {
  const [files, setFiles] = createSignal<readonly Uploaded[]>([]);
  const [underWay, setUnderWay] = createSignal(0);
  const upload = async (file: File): Promise<void> => {
    setUnderWay((count) => count + 1);
    try {
      const response = await fetch(`/api/v1/files?visibility=internal&clientId=${encodeURIComponent(clientId())}`, {
        method: 'POST',
        body: file,
        headers: {
          'content-type': file.type === '' ? 'application/octet-stream' : file.type,
          // RFC 8187, since a header carries no other letters.
          'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
        },
      });
      if (!response.ok) throw await problemFromResponse(response);
      const stored = (await response.json()) as Uploaded;
      setFiles((current) => [...current, stored]);
      if (/^image\/(?:png|gif|jpeg|webp)$/.test(file.type)) onImage?.(stored);
    } catch (error) {
      showProblem(`${file.name} was not uploaded`, toProblem(error).message);
    } finally {
      setUnderWay((count) => count - 1);
    }
  };
  return {
    files,
    isUploading: () => underWay() > 0,
    add: (added) => {
      for (const file of added) void upload(file);
    },
    remove: (id) => setFiles((current) => current.filter((file) => file.id !== id)),
    clear: () => setFiles([]),
  };
}

/** The button that picks files. */
export function AttachButton(props: { attachments: Attachments }): JSX.Element {
  let picker: HTMLInputElement | undefined;
  return (
    <>
      <IconButton icon={Paperclip} label="Attach files" onClick={() => picker?.click()} />
      <input
        ref={picker}
        type="file"
        multiple
        class="hidden"
        tabindex={-1}
        aria-hidden="true"
        onChange={(event) => {
          props.attachments.add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What is attached so far. */
export function AttachmentList(props: { attachments: Attachments }): JSX.Element {
  return (
    <Show when={props.attachments.files().length > 0 || props.attachments.isUploading()}>
      <ul class="flex flex-wrap gap-1.5" aria-label="Attached files" aria-live="polite">
        <For each={props.attachments.files()}>
          {(file) => (
            <li class="inline-flex max-w-60 items-center gap-1 rounded-control border border-line-strong bg-raised py-0.5 pr-1 pl-2">
              <span class="truncate-line">{file.name}</span>
              <button
                type="button"
                class="rounded-tag p-0.5 text-muted hover:bg-hover hover:text-text"
                aria-label={`Take ${file.name} away`}
                onClick={() => props.attachments.remove(file.id)}
              >
                <X size={12} />
              </button>
            </li>
          )}
        </For>
        <Show when={props.attachments.isUploading()}>
          <li class="py-0.5 text-muted">uploading…</li>
        </Show>
      </ul>
    </Show>
  );
}
