/** One request and what came of it, with secrets replaced by `[secret]`. Bodies are text where they are UTF-8, else base64. */
export interface Exchange {
  /** `credential`: a login, a token or an AssumeRole, which the plugin did not ask for. */
  readonly purpose: 'request' | 'credential';
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: RecordedBody | null;
  };
  /** Null where none came. */
  readonly response: {
    readonly status: number;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: RecordedBody;
  } | null;
  /** Why none came. */
  readonly failure: string | null;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** A body as it is written down. */
export type RecordedBody = { readonly text: string } | { readonly base64: string };

/** Is told of every exchange, retries included, in the order in which they end. It may not throw. */
export type Recorder = (exchange: Exchange) => void;
