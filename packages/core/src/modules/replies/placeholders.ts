import { InvalidInputError } from '#kernel/errors';
import { escapeHtml } from '#platform/rich-text/rich-text';

/** All that a canned reply, a macro or a rule’s text may ask for, in words. Nothing else is ever looked up: a placeholder is a name in this list, not a path into an object. */
export const PLACEHOLDERS: ReadonlyMap<string, string> = new Map([
  ['contact.firstName', 'The contact’s first name'],
  ['contact.name', 'The contact’s name'],
  ['contact.email', 'The contact’s mail address'],
  ['client.name', 'The client’s name'],
  ['ticket.number', 'The ticket’s number'],
  ['ticket.subject', 'The ticket’s subject'],
  ['ticket.status', 'The ticket’s status'],
  ['ticket.priority', 'The ticket’s priority'],
  ['assignee.name', 'The name of who has the ticket'],
  ['asset.name', 'The machine’s name'],
  ['agent.firstName', 'Your first name'],
  ['agent.name', 'Your name'],
  ['msp.name', 'Our company’s name'],
]);

const PLACEHOLDER = /\{\{([^{}<>]{0,60})\}\}/g;

/** Throws `replies.unknown-placeholder` where text asks for something that there is not, or has braces that close nothing. */
export function assertPlaceholders(html: string, field: string | readonly (string | number)[]): void {
  const unknown = [...html.matchAll(PLACEHOLDER)]
    .map((match) => (match[1] ?? '').trim())
    .filter((name) => !PLACEHOLDERS.has(name));
  const rest = html.replaceAll(PLACEHOLDER, '');
  const problem =
    unknown[0] !== undefined
      ? `asks for {{${unknown[0]}}}, which there is not`
      : rest.includes('{{') || rest.includes('}}')
        ? 'has {{ or }} without its other end, or formatting inside of them'
        : null;
  if (problem !== null)
    throw new InvalidInputError('replies.unknown-placeholder', `The text ${problem}.`, {
      fields: [{ path: typeof field === 'string' ? [field] : [...field], message: problem }],
    });
}

export interface Filled {
  readonly html: string;
  /** Placeholders that nothing is known for, each once; they stand in the text still. */
  readonly missing: readonly string[];
}

/** Puts values in, as text: whatever they hold, they cannot become markup. A value that is itself in braces is not filled again. */
export function fillPlaceholders(html: string, values: ReadonlyMap<string, string | null>): Filled {
  const missing = new Set<string>();
  const filled = html.replaceAll(PLACEHOLDER, (whole, inner: string) => {
    const name = inner.trim();
    const value = PLACEHOLDERS.has(name) ? values.get(name) : undefined;
    if (value !== undefined && value !== null && value !== '') return escapeHtml(value);
    missing.add(name);
    return whole;
  });
  return { html: filled, missing: [...missing] };
}

/** Puts values into a plain text that nobody reads before it goes out: what nothing is known for becomes nothing. */
export function fillPlainText(words: string, values: ReadonlyMap<string, string | null>): string {
  return words.replaceAll(PLACEHOLDER, (whole, inner: string) => {
    const name = inner.trim();
    return PLACEHOLDERS.has(name) ? (values.get(name) ?? '') : whole;
  });
}

/** The first of a person's names, as one greets them. */
export function firstNameOf(name: string | null): string | null {
  return name?.trim().split(/\s+/)[0] ?? null;
}
