import Paperclip from 'lucide-solid/icons/paperclip';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { createStore } from 'solid-js/store';
import { toProblem } from '#web/app/problem/problem.ts';
import { IconButton } from '#web/ui/icon-button/icon-button.tsx';
import { uploadFile } from './upload-file.ts';
import { t } from '#web/language/language.ts';

interface Picked {
  readonly key: number;
  readonly name: string;
  readonly share: number;
  readonly fileId?: string;
  readonly problem?: string;
}

/** Files that go with a message: each is sent at once, with its progress, and can be taken off again. */
export interface FilePicker {
  readonly fileIds: () => string[];
  readonly isBusy: () => boolean;
  readonly clear: () => void;
  readonly view: () => JSX.Element;
}

let nextKey = 0;

/** Makes one for the client whose files they become. */
export function createFilePicker(clientId: () => string): FilePicker {
  const [files, setFiles] = createStore<Picked[]>([]);
  const running = new Map<number, AbortController>();
  const change = (key: number, fields: Partial<Picked>): void => setFiles((file) => file.key === key, fields);
  const remove = (key: number): void => {
    running.get(key)?.abort();
    setFiles((all) => all.filter((file) => file.key !== key));
  };
  const send = async (file: File): Promise<void> => {
    const key = (nextKey += 1);
    const abort = new AbortController();
    running.set(key, abort);
    setFiles((all) => [...all, { key, name: file.name, share: 0 }]);
    try {
      const { id } = await uploadFile(clientId(), file, {
        signal: abort.signal,
        onProgress: (share) => change(key, { share }),
      });
      change(key, { fileId: id, share: 1 });
    } catch (error) {
      if (!abort.signal.aborted) change(key, { problem: toProblem(error).message });
    } finally {
      running.delete(key);
    }
  };
  return {
    fileIds: () => files.flatMap((file) => (file.fileId === undefined ? [] : [file.fileId])),
    isBusy: () => files.some((file) => file.fileId === undefined && file.problem === undefined),
    clear: () => setFiles([]),
    view: () => (
      <Picker files={files} onPick={(picked) => picked.forEach((file) => void send(file))} onRemove={remove} />
    ),
  };
}

function Picker(props: {
  files: readonly Picked[];
  onPick: (files: readonly File[]) => void;
  onRemove: (key: number) => void;
}): JSX.Element {
  return (
    <div class="flex flex-col gap-2">
      <Show when={props.files.length > 0}>
        <ul class="flex flex-col gap-2" aria-label={t('files.files')}>
          <For each={props.files}>
            {(file) => (
              <li class="flex items-center gap-3 rounded-control border border-line bg-sunken py-1 pr-1 pl-3">
                <Paperclip size={15} class="shrink-0 text-muted" />
                <span class="truncate-line min-w-0 flex-1">{file.name}</span>
                <span class="text-small" classList={{ 'text-critical-text': file.problem !== undefined }}>
                  <Show
                    when={file.problem}
                    fallback={file.fileId === undefined ? `${Math.round(file.share * 100)} %` : t('files.ready')}
                  >
                    {(problem) => problem()}
                  </Show>
                </span>
                <IconButton
                  icon={X}
                  label={t('files.remove', { name: file.name })}
                  onClick={() => props.onRemove(file.key)}
                />
              </li>
            )}
          </For>
        </ul>
      </Show>
      <label class="transition-quick flex h-11 cursor-pointer items-center gap-2 self-start rounded-control border border-line-control px-4 focus-within:outline-2 focus-within:outline-focus hover:bg-hover">
        <Paperclip size={16} />
        {t('files.add')}
        <input
          type="file"
          multiple
          class="sr-only"
          onChange={(event) => {
            props.onPick([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = '';
          }}
        />
      </label>
    </div>
  );
}
