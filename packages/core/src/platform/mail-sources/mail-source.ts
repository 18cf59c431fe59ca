/** A mail as a mailbox gave it. */
export interface FetchedMail {
  /** What the mailbox knows it by, the same each time it is asked. */
  readonly transportKey: string;
  readonly raw: Buffer;
  readonly receivedAt: Temporal.Instant;
  /** Set where `raw` is only its headers, with the reason in words. */
  readonly incomplete?: string;
}

/** How far a mailbox was read, in its transport's own terms. */
export type SourceCursor = Readonly<Record<string, unknown>>;

/** Where a source puts what it reads. */
export interface MailSink {
  readonly cursor: SourceCursor | null;
  /** From when on mails count, where only new ones are wanted; null takes what is there. */
  readonly since: Temporal.Instant | null;
  /** Keeps mails and how far it was read in one commit. Once it resolves, and not before, the mailbox may be told. */
  keep(mails: readonly FetchedMail[], cursor: SourceCursor): Promise<void>;
  /** The other side answered, and nothing is wrong. */
  heard(): Promise<void>;
}

/** One thing that must be right for mail to come in, and what is wrong with it. */
export interface SourceCheck {
  readonly step: SourceStep;
  readonly isOk: boolean;
  readonly message: string;
}

/** In the order in which they are met. */
export type SourceStep = 'address' | 'connection' | 'encryption' | 'sign-in' | 'folder';

/** A mailbox that is read over the network. */
export interface MailSource {
  /** Reads until `signal` ends it. Throws `MailSourceError` where the other side ends it or refuses. */
  run(sink: MailSink, signal: AbortSignal): Promise<void>;
  /** Tries everything but reading; the last step is the first that failed. */
  check(signal: AbortSignal): Promise<SourceCheck[]>;
}

/** What is wrong with a mailbox, in words for who connected it. */
export class MailSourceError extends Error {
  override readonly name = 'MailSourceError';
  readonly step: SourceStep;
  /** No try will help before a person consents at the vendor (again). */
  readonly needsConsent: boolean;

  constructor(step: SourceStep, message: string, options: { cause?: unknown; needsConsent?: boolean } = {}) {
    super(message, options);
    this.step = step;
    this.needsConsent = options.needsConsent ?? false;
  }
}

/** Mails are asked for together up to this size, so that a batch fits into memory and one commit. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;
export const MAX_BATCH_MAILS = 50;
/** More is told of with its headers. */
export const MAX_FETCHED_BYTES = 50 * 1024 * 1024;

/** The reason of a mail that is not fetched whole. */
export function tooLarge(sizeBytes: number): string {
  const mb = Math.ceil(sizeBytes / 1024 / 1024);
  return `The mail has ${mb} MB; at most ${MAX_FETCHED_BYTES / 1024 / 1024} MB are fetched. It is still in the mailbox, and only its headers are here.`;
}

/** Cuts a list into runs that are fetched together. */
export function* batches<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Generator<Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (batch.length > 0 && (batch.length >= MAX_BATCH_MAILS || bytes + size > MAX_BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** The later of a known instant and those of mails, as a cursor keeps it. */
export function newestOf(
  known: string | null,
  mails: readonly { readonly receivedAt: Temporal.Instant }[],
): string | null {
  const all = [...(known === null ? [] : [Temporal.Instant.from(known)]), ...mails.map(({ receivedAt }) => receivedAt)];
  return (
    all
      .toSorted((a, b) => Temporal.Instant.compare(a, b))
      .at(-1)
      ?.toString() ?? null
  );
}

/** A mail that is not fetched whole, made of the headers that the vendor names. */
export function headersOnly(headers: readonly { readonly name: string; readonly value: string }[]): Buffer {
  const lines = headers.map(({ name, value }) => `${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}\r\n`);
  return Buffer.from(`${lines.join('')}\r\n`);
}
