/** Where vendors reach us. */
export class HookAddress {
  readonly #origin: string;

  constructor(settings: { BAILIWICK_PUBLIC_URL?: string | undefined; PORT: number }) {
    this.#origin = (settings.BAILIWICK_PUBLIC_URL ?? `http://localhost:${settings.PORT}`).replace(/\/$/, '');
  }

  /** The address as it is entered at the vendor. */
  of(secret: string): string {
    return `${this.#origin}/hooks/${secret}`;
  }
}
