import type { MailMessages } from './messages.ts';

export const en: MailMessages = {
  hello: (name) => `Hello ${name},`,
  regards: 'Kind regards,',
  ticket: {
    answer: 'To answer, reply to this mail.',
    takenForResolved: 'We take this for resolved. If it is not, reply to this mail.',
    opened: (label, subject) => `We have got your message and opened ${label} for it: ${subject}`,
    resolved: (label, subject) => `${label} is resolved: ${subject}`,
    notResolved: 'If it is not, reply to this mail, and we go on with it.',
    tooLarge: (names) => `Too large for a mail, and kept with the ticket: ${names}`,
    wrote: (day, time, name) => `On ${day} at ${time}, ${name} wrote:`,
  },
  rating: {
    subject: (label) => `How did we do with ${label}?`,
    resolved: (label, subject) => `Your request ${label} is resolved: ${subject}`,
    question: 'How did we do?',
    oneClick: 'One click is enough:',
    faces: ['Bad', 'Poor', 'All right', 'Good', 'Excellent'],
    worksFor: (days) => `The links work for ${days} days.`,
    notSolved: 'If it is not solved, just answer our last mail.',
  },
  approval: {
    subject: (what) => `Your approval is asked for: ${what}`,
    amount: (money) => `Amount: ${money}`,
    answerBy: (when) => `Please answer by ${when}.`,
    answerHere: (url) => `Answer here: ${url}`,
    forYouAlone: 'The link is for you alone and takes one answer. Please do not pass it on.',
    withdrawnSubject: (what) => `Your approval is not needed any more: ${what}`,
    withdrawn: (into) =>
      `nobody has to answer this any more: the request was joined with ${into}. If your approval is needed there, you will be asked again.`,
  },
  portal: {
    subject: (msp) => `Your way into ${msp}’s portal`,
    open: (span) => `open this link to enter the portal. It works once, within ${span}:`,
    minutes: (count) => `${count} minutes`,
    days: (count) => `${count} days`,
    ignore: 'If you did not ask for it, ignore this mail.',
  },
};
