import type { Page } from 'playwright-core';

/** Does a command of the API with the cookies of a page; for what a journey needs and is not about. */
export async function command<Answer>(page: Page, procedure: string, input: object): Promise<Answer> {
  const url = new URL(`/api/trpc/${procedure}`, page.url());
  const response = await page.request.post(url.href, { data: input, headers: { origin: url.origin } });
  return answerOf<Answer>(procedure, response);
}

/** Asks a query of the API with the cookies of a page. */
export async function query<Answer>(page: Page, procedure: string, input: object): Promise<Answer> {
  const url = new URL(`/api/trpc/${procedure}`, page.url());
  url.searchParams.set('input', JSON.stringify(input));
  return answerOf<Answer>(procedure, await page.request.get(url.href));
}

async function answerOf<Answer>(
  procedure: string,
  response: { ok(): boolean; status(): number; text(): Promise<string>; json(): Promise<unknown> },
): Promise<Answer> {
  if (!response.ok()) throw new Error(`${procedure} answered ${response.status()}: ${await response.text()}`);
  return ((await response.json()) as { result: { data: Answer } }).result.data;
}
