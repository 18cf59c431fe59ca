import type { Transport, TransportRequest, TransportResponse } from '../egress/transport.ts';
import type { BrokerClock } from './clock.ts';
import type { Exchange, RecordedBody, Recorder } from './exchange.ts';
import type { Redactor } from './redactor.ts';

/** Sends and records. The one place where requests leave the broker. */
export class Sender {
  readonly #transport: Transport;
  readonly #redactor: Redactor;
  readonly #clock: BrokerClock;
  readonly #record: Recorder | undefined;

  constructor(parts: {
    readonly transport: Transport;
    readonly redactor: Redactor;
    readonly clock: BrokerClock;
    readonly record?: Recorder | undefined;
  }) {
    this.#transport = parts.transport;
    this.#redactor = parts.redactor;
    this.#clock = parts.clock;
    this.#record = parts.record;
  }

  /**
   * @param learn reads new secrets out of the answer, before anything of it is written down
   * @throws EgressRefused, EgressFailed
   */
  async send(
    request: TransportRequest,
    purpose: Exchange['purpose'],
    signal: AbortSignal,
    learn: (response: TransportResponse) => void = () => undefined,
  ): Promise<TransportResponse> {
    const startedAtMs = this.#clock.nowMs();
    let response: TransportResponse | null = null;
    let failure: string | null = null;
    try {
      response = await this.#transport.send(request, signal);
      learn(response);
      return response;
    } catch (error) {
      failure = error instanceof Error ? this.#redactor.text(error.message) : 'failed';
      throw error;
    } finally {
      this.#record?.({
        purpose,
        request: this.#cleanRequest(request),
        response: response === null ? null : this.#cleanResponse(response),
        failure,
        startedAtMs,
        durationMs: this.#clock.nowMs() - startedAtMs,
      });
    }
  }

  close(): void {
    this.#transport.close();
  }

  #cleanRequest(request: TransportRequest): Exchange['request'] {
    const headers = Object.entries(request.headers).map(([name, value]) => [
      name,
      request.credential?.headers.includes(name) === true ? this.#credential(value) : this.#redactor.text(value),
    ]);
    return {
      method: request.method,
      url: this.#redactor.text(request.url),
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: request.body === null ? null : asRecorded(this.#redactor.bytes(request.body)),
    };
  }

  /** The scheme's name may stay (`Bearer [secret]`); whatever else is in the header goes, known or not. */
  #credential(value: string): string {
    const scheme = /^(Basic|Bearer|AWS4-HMAC-SHA256)\s/.exec(value)?.[0] ?? '';
    return `${scheme}[secret]`;
  }

  #cleanResponse(response: TransportResponse): NonNullable<Exchange['response']> {
    return {
      status: response.status,
      url: this.#redactor.text(response.url),
      headers: this.#redactor.headers(response.headers),
      body: asRecorded(this.#redactor.bytes(response.body)),
    };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Text where the bytes are UTF-8, else base64. */
export function asRecorded(bytes: Uint8Array): RecordedBody {
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    return { base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
  }
}
