import type { enDesk } from './en-desk.ts';
import type { en } from './en.ts';

type Widened<Tree> = {
  readonly [Key in keyof Tree]: Tree[Key] extends string
    ? string
    : Tree[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Widened<Tree[Key]>;
};

/** A catalogue: every language has every message. */
export type Messages = Widened<typeof en>;

/** The part of a catalogue that is about requests, approvals and guides. */
export type DeskMessages = Widened<typeof enDesk>;
