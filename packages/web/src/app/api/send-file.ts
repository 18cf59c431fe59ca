import { problemFromResponse } from '#web/app/problem/problem.ts';

/** Sends a file as the body of one request, to an operation that takes one. Throws a problem. */
export async function sendFile(path: string, file: File): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': file.type === '' ? 'application/octet-stream' : file.type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name.toWellFormed())}`,
    },
    body: file,
  });
  if (!response.ok) throw await problemFromResponse(response);
}
