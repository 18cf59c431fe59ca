import { useNavigate } from '@solidjs/router';
import { Show, createSignal, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';
import { api } from '#web/app/api/api.ts';
import { toProblem } from '#web/app/problem/problem.ts';
import { drawView } from './draw-view.ts';
import { makeFrameLimiter, readMessage, type FrameMessage } from './frame-messages.ts';
import { hrefOf, type PlacedView } from './view-words.ts';

/**
 * A plugin's own page, in an origin of its own that reaches nothing: what it shows it asks of us, by messages. It never learns who looks at it, and only what the person clicked in it
 * leads anywhere.
 */
export function PluginFrame(props: { view: PlacedView; assetId?: string | undefined }): JSX.Element {
  const navigate = useNavigate();
  const [hasLeft, setLeft] = createSignal(false);
  const take = makeFrameLimiter();
  let frame: HTMLIFrameElement | undefined;
  let isDrawing = false;
  let loads = 0;

  const draw = async (message: Extract<FrameMessage, { call: 'render' }>): Promise<object> => {
    if (isDrawing) return { error: 'The view is being drawn. Wait for its answer.' };
    isDrawing = true;
    try {
      const { blocks } = await drawView({ view: props.view, assetId: props.assetId, params: message.params });
      return { blocks };
    } finally {
      isDrawing = false;
    }
  };
  const open = async ({ entity, id }: Extract<FrameMessage, { call: 'open' }>): Promise<object> => {
    // A click in the frame counts here as well, and takes the focus there; a frame that nobody touched takes nobody away.
    if (!navigator.userActivation.isActive || document.activeElement !== frame)
      return { error: 'Records open at a click only.' };
    const { connectionId, scopeId } = props.view;
    const at = { connectionId, ...(scopeId === null ? {} : { scopeId }) };
    const { link } = await api['plugin-views'].findRecord.query({ ...at, entity, id });
    if (link === null) return { error: 'There is no such record here.' };
    navigate(hrefOf(link));
    return { isOpen: true };
  };
  const receive = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (frame === undefined || source === null || source !== frame.contentWindow || origin !== 'null') return;
    if (!take(performance.now())) return;
    const message = readMessage(data);
    if (message === null) return;
    const target = frame.contentWindow;
    // An opaque origin has no name to send to; the window is the one that asked.
    const answer = (body: object): void =>
      target?.postMessage({ call: message.call, request: message.request, ...body }, '*');
    (message.call === 'render' ? draw(message) : open(message)).then(answer, (error: unknown) =>
      answer({ error: toProblem(error).message }),
    );
  };
  addEventListener('message', receive);
  onCleanup(() => removeEventListener('message', receive));

  const source = (): string => {
    const { connectionId, name, scopeId } = props.view;
    return `/api/plugin-frames/${connectionId}/${name}${scopeId === null ? '' : `?scope=${scopeId}`}`;
  };
  return (
    <Show
      when={!hasLeft()}
      fallback={
        <p role="alert" class="rounded-control bg-warning-soft px-3 py-2 text-warning-text">
          {props.view.label} tried to lead to another page, and was closed.
        </p>
      }
    >
      <iframe
        ref={frame}
        src={source()}
        title={props.view.label}
        sandbox="allow-scripts"
        allow=""
        referrerpolicy="no-referrer"
        class="h-140 max-h-[75vh] w-full rounded-card border border-line"
        onLoad={() => {
          loads += 1;
          if (loads > 1) setLeft(true);
        }}
      />
    </Show>
  );
}
