import type { AttachFiles } from '#modules/files';
import type { TicketBelongings, TicketId } from '#modules/tickets';
import type { MoveMails } from '#modules/mail-intake';
import type { MoveChecklists } from '#modules/ticket-checklists';
import type { MoveTime } from '#modules/time';
import type { AnyTransaction } from '#platform/db/scoped-transaction';
import type { Moved } from './merged-table.ts';

interface Deps {
  readonly tickets: TicketBelongings;
  readonly files: AttachFiles;
  readonly mails: MoveMails;
  readonly time: MoveTime;
  readonly checklists: MoveChecklists;
}

/** Carries what hangs on one ticket to another, in whichever module it lies. */
export class MoveBelongings {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Everything; answers with what it was. */
  async all(tx: AnyTransaction, from: TicketId, to: TicketId): Promise<Moved> {
    const { tickets, files, mails, time, checklists } = this.#deps;
    const moved = await tickets.move(tx, from, to);
    const fileIds = await tickets.filesOf(tx, moved.attachments);
    await files.changeOwner(tx, fileIds, { kind: 'ticket', id: to });
    return {
      ...moved,
      ...(await mails.move(tx, from, to)),
      files: fileIds,
      time: await time.move(tx, from, to),
      checklists: await checklists.move(tx, from, to),
    };
  }

  /** What went along, back to where it was; what came since stays. */
  async back(tx: AnyTransaction, from: TicketId, to: TicketId, moved: Moved): Promise<void> {
    const { tickets, files, mails, time, checklists } = this.#deps;
    await mails.move(tx, from, to, moved);
    await tickets.move(tx, from, to, moved);
    await files.changeOwner(tx, moved.files, { kind: 'ticket', id: to });
    await time.move(tx, from, to, moved.time);
    await checklists.move(tx, from, to, moved.checklists ?? []);
  }
}
