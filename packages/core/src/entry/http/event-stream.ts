import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { TenantScope } from '#kernel/tenant-scope';
import type { LiveChange, LiveHub } from '#platform/live';

/** Proxies commonly cut a silent connection after 30 to 60 s. */
const HEARTBEAT_MS = 20_000;
/** A browser that reads more slowly than this many changes is told to ask for everything again. */
const MAX_QUEUED = 500;

/**
 * What changed, as server-sent events `{topic, id, version}`: never data. The scope is looked up again with every heartbeat, so that a revoked session's
 * stream ends within seconds.
 */
export async function eventStream(
  context: Context,
  scopeOf: () => Promise<TenantScope>,
  live: LiveHub,
): Promise<Response> {
  await scopeOf();
  context.header('x-accel-buffering', 'no');
  context.header('cache-control', 'no-store');
  return streamSSE(context, async (stream) => {
    let wake: () => void = () => {};
    while (!stream.aborted) {
      const scope = await scopeOf().catch(() => null);
      if (scope === null) return;
      const queue: LiveChange[] = [];
      const stop = live.listen(scope, (change) => {
        queue.push(change);
        wake();
      });
      stream.onAbort(() => wake());
      try {
        await stream.writeSSE({ event: 'heartbeat', data: '' });
        await drainUntil(
          Temporal.Now.instant().add({ milliseconds: HEARTBEAT_MS }),
          queue,
          async (changes) => {
            if (changes.length > MAX_QUEUED) await stream.writeSSE({ event: 'reload', data: '' });
            else
              for (const { topic, id, version } of changes)
                await stream.writeSSE({ event: 'change', data: JSON.stringify({ topic, id, version }) });
          },
          (resolve) => (wake = resolve),
          () => stream.aborted,
        );
      } finally {
        stop();
      }
    }
  });
}

async function drainUntil(
  deadline: Temporal.Instant,
  queue: LiveChange[],
  write: (changes: LiveChange[]) => Promise<void>,
  onWake: (resolve: () => void) => void,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const leftMs = deadline.epochMilliseconds - Temporal.Now.instant().epochMilliseconds;
    if (leftMs <= 0) return;
    if (queue.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        onWake(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    if (queue.length > 0) await write(queue.splice(0));
  }
}
