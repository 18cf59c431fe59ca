import {
  EgressRefused,
  REDACTED,
  Redactor,
  checkUrl,
  type BrokeredRequest,
  type BrokeredResponse,
  type EgressPolicy,
} from '@bailiwick/plugin-runtime';

/** Names of headers that carry a credential; tokens for pages and for idempotency are none. */
const credentialHeader =
  /^(?:authorization|proxy-authorization|cookie)$|(?:^|[-_])(?:auth|token|secret|password|session|api-?key)(?:[-_]|$)/i;
const otherToken = /continuation|page|next|delta|sync|idempoten|client-token|request/i;
/** Members of an answer that are credentials by their names (RFC 6749, and what vendors call their own). */
const credentialMember =
  /"(?:(?:access|refresh|session|auth|bearer)[_-]?token|api[_-]?key|client[_-]?secret|secret[_-]?key|password)"\s*:\s*"((?:[^"\\]|\\.){8,4000})"/gi;
/** Shorter ones are words that stand in any text. */
const MIN_LENGTH = 8;

/** Looks at what a plugin asks for and gets: credentials that it holds itself instead of the host, and hosts that it does not declare. */
export class Watch {
  readonly #policy: EgressPolicy;
  readonly #tokens = new Redactor();
  readonly #undeclared = new Set<string>();

  constructor(policy: EgressPolicy) {
    this.#policy = policy;
  }

  /** Hosts that were asked for and refused. */
  get undeclaredHosts(): ReadonlySet<string> {
    return this.#undeclared;
  }

  /** Whether the text holds a credential that went through the plugin's hands. */
  appearsIn(text: string): boolean {
    return this.#tokens.appearsIn(text);
  }

  /** The text without such credentials. */
  text(text: string): string {
    return this.#tokens.text(text);
  }

  asked({ url, options: { headers = {} } }: BrokeredRequest): void {
    for (const [name, value] of Object.entries(headers)) {
      if (!credentialHeader.test(name) || otherToken.test(name)) continue;
      // `Bearer abc`, `session=abc`: the token is what comes last.
      this.#learn(value.split(/[\s=]/).at(-1) ?? '');
    }
    if (!URL.canParse(url)) return;
    try {
      checkUrl(this.#policy, url);
    } catch (error) {
      if (!(error instanceof EgressRefused)) throw error;
      this.#undeclared.add(new URL(url).host);
    }
  }

  answered({ body }: BrokeredResponse): void {
    if (!('text' in body)) return;
    for (const [, value = ''] of body.text.matchAll(credentialMember)) this.#learn(value);
  }

  #learn(value: string): void {
    if (value.length >= MIN_LENGTH && /[\p{L}\p{N}]/u.test(value) && !value.includes(REDACTED)) this.#tokens.add(value);
  }
}
