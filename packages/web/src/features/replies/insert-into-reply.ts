import { onCleanup } from 'solid-js';

type Take = (html: string) => void;

const takers = new Map<string, Take>();

/** Takes what other parts of the page put into the reply on a ticket, as long as the caller is shown. */
export function takeInserts(ticketId: () => string, take: Take): void {
  const id = ticketId();
  takers.set(id, take);
  onCleanup(() => {
    if (takers.get(id) === take) takers.delete(id);
  });
}

/** Puts something into the reply that is being written on a ticket. */
export function insertIntoReply(ticketId: string, html: string): void {
  takers.get(ticketId)?.(html);
}
