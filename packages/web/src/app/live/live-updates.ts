import { createSignal } from 'solid-js';
import { invalidateLists, invalidateRecord, queryClient } from '#web/app/query/query-client.ts';

/** What the server sends: that something changed, never what. */
export interface LiveMessage {
  readonly topic: string;
  readonly id: string;
  readonly version: number;
}

export type LiveState = 'connecting' | 'live' | 'lost';

type TabMessage =
  | { readonly kind: 'message'; readonly message: LiveMessage }
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'hello' };

const [liveState, setLiveState] = createSignal<LiveState>('connecting');

/** Whether changes by others arrive now. */
export { liveState };

// Many changes at once (an import, a patch run) become one refetch for each topic and record.
const GATHER_MS = 150;
const gathered = new Map<string, LiveMessage>();
// A list over which hundreds look on while others work is not read again for each change: at most so often, and not by all browsers at the same moment.
const LIST_PAUSE_MS = 4000;
const LIST_SPREAD_MS = 2000;
const resting = new Map<string, 'quiet' | 'changed'>();

/** Reads a topic's lists again: at once after a pause without changes, else when the pause is over. */
function refreshLists(topic: string): void {
  if (resting.has(topic)) {
    resting.set(topic, 'changed');
    return;
  }
  resting.set(topic, 'quiet');
  void invalidateLists(topic);
  setTimeout(
    () => {
      const isChanged = resting.get(topic) === 'changed';
      resting.delete(topic);
      if (isChanged) refreshLists(topic);
    },
    LIST_PAUSE_MS + Math.random() * LIST_SPREAD_MS,
  );
}

function receive(message: LiveMessage): void {
  if (gathered.size === 0) {
    setTimeout(() => {
      const messages = [...gathered.values()];
      gathered.clear();
      for (const { topic, id } of messages) void invalidateRecord(topic, id);
      for (const topic of new Set(messages.map((message) => message.topic))) refreshLists(topic);
    }, GATHER_MS);
  }
  gathered.set(`${message.topic} ${message.id}`, message);
}

function parse(text: string): LiveMessage | undefined {
  try {
    const value = JSON.parse(text) as Partial<LiveMessage>;
    if (typeof value.topic === 'string' && typeof value.id === 'string')
      return { topic: value.topic, id: value.id, version: value.version ?? 0 };
  } catch {
    // A line that is no message (a comment of a proxy) is not worth a broken stream.
  }
  return undefined;
}

/**
 * Follows the server's stream of changes. One tab of a browser holds the connection, chosen by a lock that the browser
 * hands on when that tab closes; the others hear it over a channel. Returns the way to stop.
 */
export function startLiveUpdates(url: string): () => void {
  const channel = new BroadcastChannel(`bailiwick.live ${url}`);
  const stop = new AbortController();
  let isLeader = false;

  const announce = (state: LiveState): void => {
    setLiveState(state);
    channel.postMessage({ kind: 'state', state } satisfies TabMessage);
  };

  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'message') receive(data.message);
    else if (data.kind === 'state') setLiveState(data.state);
    else if (isLeader) channel.postMessage({ kind: 'state', state: liveState() } satisfies TabMessage);
  });
  channel.postMessage({ kind: 'hello' } satisfies TabMessage);

  void navigator.locks
    .request(`bailiwick.live ${url}`, { signal: stop.signal }, () => {
      isLeader = true;
      return holdStream(url, stop.signal, announce, (message) => {
        receive(message);
        channel.postMessage({ kind: 'message', message } satisfies TabMessage);
      });
    })
    // Only the abort of `stop` ends here; a broken stream is opened again inside.
    .catch(() => undefined);

  return () => {
    stop.abort();
    channel.close();
  };
}

function holdStream(
  url: string,
  signal: AbortSignal,
  announce: (state: LiveState) => void,
  deliver: (message: LiveMessage) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | undefined;
    let retryMs = 1000;
    let retry: ReturnType<typeof setTimeout> | undefined;

    const open = (): void => {
      source = new EventSource(url);
      source.addEventListener('open', () => {
        // What happened while nobody listened is unknown: everything shown is read again.
        if (liveState() === 'lost') void queryClient.invalidateQueries();
        retryMs = 1000;
        announce('live');
      });
      // The server drops what a slow reader has not taken, and says so.
      source.addEventListener('reload', () => void queryClient.invalidateQueries());
      source.addEventListener('change', ({ data }: MessageEvent<string>) => {
        const message = parse(data);
        if (message !== undefined) deliver(message);
      });
      source.addEventListener('error', () => {
        announce('lost');
        // The browser tries again by itself, except after an answer that is no stream (a restart behind a proxy).
        if (source?.readyState !== EventSource.CLOSED) return;
        retry = setTimeout(open, retryMs);
        retryMs = Math.min(retryMs * 2, 30_000);
      });
    };

    signal.addEventListener('abort', () => {
      clearTimeout(retry);
      source?.close();
      resolve();
    });
    open();
  });
}
