import { StringDecoder } from 'node:string_decoder';
import { fitText, LIMITS, type OrderOutput } from '@bailiwick/agent-protocol';

/** Output leaves at least this often while a program prints, so that a person can watch. */
const FLUSH_MS = 400;

type Channel = OrderOutput['channel'];

/** Cuts a program's output into chunks of the protocol, in order, up to the cap; what is beyond is counted and dropped. */
export class OutputCollector {
  readonly #orderId: string;
  readonly #emit: (chunk: OrderOutput) => void;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  #pending: { channel: Channel; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #index = 0;
  #bytes = 0;
  #keptBytes = 0;

  constructor(orderId: string, emit: (chunk: OrderOutput) => void) {
    this.#orderId = orderId;
    this.#emit = emit;
  }

  get outputBytes(): number {
    return this.#bytes;
  }

  get isOutputTruncated(): boolean {
    return this.#bytes > this.#keptBytes;
  }

  write(channel: Channel, data: Buffer): void {
    this.#bytes += data.length;
    const room = LIMITS.outputBytes - this.#keptBytes;
    const kept = data.subarray(0, Math.max(0, room));
    if (kept.length === 0) return;
    this.#keptBytes += kept.length;
    this.#add(channel, this.#decoders[channel].write(kept));
  }

  /** Sends what is left. */
  end(): void {
    for (const channel of ['stdout', 'stderr'] as const) this.#add(channel, this.#decoders[channel].end());
    this.#flush();
  }

  #add(channel: Channel, text: string): void {
    if (text === '') return;
    if (this.#pending !== undefined && this.#pending.channel !== channel) this.#flush();
    this.#pending = { channel, text: (this.#pending?.text ?? '') + text };
    if (this.#pending.text.length >= LIMITS.outputChunkLength) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    let rest = pending?.text ?? '';
    while (pending !== undefined && rest !== '') {
      const text = fitText(rest, LIMITS.outputChunkLength);
      this.#emit({ orderId: this.#orderId, index: this.#index, channel: pending.channel, text });
      this.#index += 1;
      rest = rest.slice(text.length);
    }
  }
}
