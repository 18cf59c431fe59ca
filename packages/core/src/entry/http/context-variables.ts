import type { MailWords } from '#platform/mail-language/mail-language';

/** What the first middleware puts into every request's context. */
declare module 'hono' {
  interface ContextVariableMap {
    requestId: string;
    reportError: (error: unknown) => void;
    /** Behind a link of a mail: how its reader is spoken to. */
    mailWords?: MailWords;
  }
}
