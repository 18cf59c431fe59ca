import type { MailSink } from './mail-source.ts';

/** Tells what went wrong at our side of the sink from what the server did. */
export class OwnFailures implements MailSink {
  readonly cursor: MailSink['cursor'];
  readonly since: MailSink['since'];
  readonly #sink: MailSink;
  last: unknown = null;

  constructor(sink: MailSink) {
    this.#sink = sink;
    this.cursor = sink.cursor;
    this.since = sink.since;
  }

  async keep(...given: Parameters<MailSink['keep']>): Promise<void> {
    await this.#sink.keep(...given).catch((error: unknown) => this.#note(error));
  }

  async heard(): Promise<void> {
    await this.#sink.heard().catch((error: unknown) => this.#note(error));
  }

  #note(error: unknown): never {
    this.last = error;
    throw error;
  }
}
