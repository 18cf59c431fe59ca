/** Says within this process that a person changed a mailbox; other processes see it at their next round. */
export class MailboxWake {
  readonly #listeners = new Set<() => void>();

  /** Answers how to stop. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(): void {
    for (const listener of this.#listeners) listener();
  }
}
