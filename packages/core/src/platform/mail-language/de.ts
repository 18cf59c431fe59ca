import type { MailMessages } from './messages.ts';

export const de: MailMessages = {
  hello: (name) => `Guten Tag ${name},`,
  regards: 'Mit freundlichen Grüßen',
  ticket: {
    answer: 'Zum Antworten genügt es, auf diese E-Mail zu antworten.',
    takenForResolved: 'Wir betrachten dies als gelöst. Falls nicht, antworten Sie einfach auf diese E-Mail.',
    opened: (label, subject) => `Wir haben Ihre Nachricht erhalten und dafür ${label} eröffnet: ${subject}`,
    resolved: (label, subject) => `${label} ist gelöst: ${subject}`,
    notResolved: 'Falls nicht, antworten Sie auf diese E-Mail, dann machen wir weiter.',
    tooLarge: (names) => `Zu groß für eine E-Mail und beim Ticket aufbewahrt: ${names}`,
    wrote: (day, time, name) => `Am ${day} um ${time} schrieb ${name}:`,
  },
  rating: {
    subject: (label) => `Wie zufrieden sind Sie mit ${label}?`,
    resolved: (label, subject) => `Ihre Anfrage ${label} ist gelöst: ${subject}`,
    question: 'Wie zufrieden sind Sie?',
    oneClick: 'Ein Klick genügt:',
    faces: ['Schlecht', 'Mäßig', 'In Ordnung', 'Gut', 'Ausgezeichnet'],
    worksFor: (days) => `Die Links gelten ${days} Tage.`,
    notSolved: 'Falls es nicht gelöst ist, antworten Sie einfach auf unsere letzte E-Mail.',
  },
  approval: {
    subject: (what) => `Ihre Freigabe wird erbeten: ${what}`,
    amount: (money) => `Betrag: ${money}`,
    answerBy: (when) => `Bitte antworten Sie bis ${when}.`,
    answerHere: (url) => `Hier antworten: ${url}`,
    forYouAlone: 'Der Link ist nur für Sie und nimmt eine Antwort an. Bitte geben Sie ihn nicht weiter.',
    withdrawnSubject: (what) => `Ihre Freigabe wird nicht mehr gebraucht: ${what}`,
    withdrawn: (into) =>
      `hierauf muss niemand mehr antworten: Die Anfrage wurde mit ${into} zusammengeführt. Wird Ihre Freigabe dort gebraucht, werden Sie erneut gefragt.`,
  },
  portal: {
    subject: (msp) => `Ihr Zugang zum Portal von ${msp}`,
    open: (span) => `mit diesem Link gelangen Sie in das Portal. Er gilt einmal, innerhalb von ${span}:`,
    minutes: (count) => `${count} Minuten`,
    days: (count) => `${count} Tagen`,
    ignore: 'Falls Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail.',
  },
};
