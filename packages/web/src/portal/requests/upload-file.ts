import { problemFromResponse } from '#web/app/problem/problem.ts';

/** Sends a file as the body of one request. `fetch` tells no progress of what it sends, so this is the older way. Throws a problem. */
export function uploadFile(
  clientId: string,
  file: File,
  options: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<{ id: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/files?clientId=${encodeURIComponent(clientId)}`);
    request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type);
    request.setRequestHeader(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
    );
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) options.onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText) as { id: string });
      else void problemFromResponse(new Response(request.responseText, { status: request.status })).then(reject);
    });
    request.addEventListener('error', () => reject(new TypeError('fetch failed')));
    request.addEventListener('abort', () => reject(new DOMException('taken off', 'AbortError')));
    options.signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
