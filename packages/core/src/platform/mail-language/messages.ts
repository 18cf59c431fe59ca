/** What our mails to contacts say. Every language has all of it; names and numbers come in as they are shown. */
export interface MailMessages {
  readonly hello: (name: string) => string;
  readonly regards: string;
  readonly ticket: {
    readonly answer: string;
    /** Below a reply that resolves. */
    readonly takenForResolved: string;
    readonly opened: (label: string, subject: string) => string;
    readonly resolved: (label: string, subject: string) => string;
    readonly notResolved: string;
    readonly tooLarge: (names: string) => string;
    /** Above a quotation, as mail programs of that language write it, so that they and we fold it away. */
    readonly wrote: (day: string, time: string, name: string) => string;
  };
  readonly rating: {
    readonly subject: (label: string) => string;
    readonly resolved: (label: string, subject: string) => string;
    readonly question: string;
    readonly oneClick: string;
    /** From the worst to the best. */
    readonly faces: readonly [string, string, string, string, string];
    readonly worksFor: (days: number) => string;
    readonly notSolved: string;
  };
  readonly approval: {
    readonly subject: (what: string) => string;
    readonly amount: (money: string) => string;
    readonly answerBy: (when: string) => string;
    readonly answerHere: (url: string) => string;
    readonly forYouAlone: string;
    readonly withdrawnSubject: (what: string) => string;
    /** `into` is the ticket that goes on in its place. */
    readonly withdrawn: (into: string) => string;
  };
  /** Pages behind the links of mails. */
  readonly page: {
    readonly thanks: string;
    readonly gone: string;
    readonly goneText: string;
    readonly tooMany: string;
    readonly tooManyText: string;
    readonly notTaken: string;
    readonly notTakenText: string;
    readonly wrong: string;
    readonly wrongText: string;
    readonly tooLong: string;
    readonly tooLongText: string;
    readonly askedTitle: string;
    readonly asked: (by: string, msp: string) => string;
    readonly comment: string;
    readonly commentHint: string;
    readonly approve: string;
    readonly decline: string;
    readonly whyNeeded: string;
    readonly notYourTurn: string;
    readonly notYourTurnText: string;
    readonly over: string;
    readonly overText: string;
    readonly approved: string;
    readonly declined: string;
    readonly request: (msp: string, label: string, subject: string) => string;
    readonly yourAnswer: string;
    readonly anythingToAdd: string;
    readonly youNeedNot: string;
    readonly send: string;
    readonly recorded: string;
    readonly recordedNow: string;
    readonly notArrived: string;
    readonly chooseFace: string;
    readonly ratedLongAgo: string;
  };
  readonly portal: {
    readonly subject: (msp: string) => string;
    readonly open: (span: string) => string;
    readonly minutes: (count: number) => string;
    readonly days: (count: number) => string;
    readonly ignore: string;
  };
}
