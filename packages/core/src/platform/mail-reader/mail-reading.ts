/** Somebody named in a mail. The domain is in lower case; `name` is null where the mail gives none. */
export interface MailAddress {
  readonly address: string;
  readonly name: string | null;
}

/** A file of a mail, without its content. */
export interface AttachmentReading {
  /** The last part of the path that the mail gives, without control characters; null where it names none. */
  readonly name: string | null;
  /** Media type in lower case, as declared. */
  readonly type: string;
  /** After the transfer encoding is taken off; archives are never unpacked. */
  readonly sizeBytes: number;
  /** True where it is shown within the text, not beside it. */
  readonly inline: boolean;
  /** Without angle brackets, as `cid:` names it. */
  readonly contentId: string | null;
}

/** What became of a mail for one recipient, after RFC 3464. */
export interface BounceRecipient {
  readonly finalRecipient: string | null;
  /** `failed` for good, `delayed` for now. */
  readonly action: 'failed' | 'delayed';
  /** RFC 3463, `5.1.1`. */
  readonly status: string | null;
  /** In the words of the server that refused. */
  readonly diagnostic: string | null;
}

/** A mail that did not arrive: the first recipient that it is about, and all of them. */
export interface BounceReading extends BounceRecipient {
  /** Of the mail that came back, with angle brackets. */
  readonly originalMessageId: string | null;
  readonly recipients: readonly BounceRecipient[];
}

/** By what a mail can be led to a ticket, the surest first. Nothing here is proven: whoever knows a key can write it. */
export interface ThreadKeys {
  /** `token` of `support+token@…` among the recipients. */
  readonly replyToken: string | null;
  /** With angle brackets, as all ids of messages here. */
  readonly inReplyTo: string | null;
  /** Oldest first. */
  readonly references: readonly string[];
  /** `1234` of `[#1234]` or `[T-1234]`. */
  readonly subjectTag: string | null;
}

/** What was understood of a raw mail. Null means that the mail has no such thing, or none that could be understood: `warnings` tells which. */
export interface MailReading {
  readonly messageId: string | null;
  /** ISO 8601 in UTC. */
  readonly date: string | null;
  readonly from: MailAddress | null;
  readonly replyTo: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string | null;
  /** Lines end in `\n`; made from the HTML where the mail has no text of its own; empty where it has neither. */
  readonly text: string;
  /** A safe subset: no scripts, forms, style sheets or remote content. Images in the mail keep their `cid:`. */
  readonly html: string | null;
  readonly attachments: readonly AttachmentReading[];
  /** True where a program sent it, so that nothing may be answered by itself. Not by itself a reason to drop it. */
  readonly isAutoReply: boolean;
  readonly isBounce: boolean;
  readonly bounce: BounceReading | null;
  readonly threadKeys: ThreadKeys;
  /** What could not be understood, or was left out. */
  readonly warnings: readonly string[];
  /** What led to each judgement. */
  readonly why: readonly string[];
}
