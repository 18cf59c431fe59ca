import type { MailMessages } from './messages.ts';

export const fr: MailMessages = {
  hello: (name) => `Bonjour ${name},`,
  regards: 'Cordialement,',
  ticket: {
    answer: 'Pour répondre, il suffit de répondre à cet e-mail.',
    takenForResolved: 'Nous considérons ce point comme résolu. Si ce n’est pas le cas, répondez à cet e-mail.',
    opened: (label, subject) => `Nous avons bien reçu votre message et ouvert ${label} : ${subject}`,
    resolved: (label, subject) => `${label} est résolu : ${subject}`,
    notResolved: 'Si ce n’est pas le cas, répondez à cet e-mail et nous poursuivrons.',
    tooLarge: (names) => `Trop volumineux pour un e-mail, conservé avec le ticket : ${names}`,
    wrote: (day, time, name) => `Le ${day} à ${time}, ${name} a écrit :`,
  },
  rating: {
    subject: (label) => `Êtes-vous satisfait de ${label} ?`,
    resolved: (label, subject) => `Votre demande ${label} est résolue : ${subject}`,
    question: 'Êtes-vous satisfait ?',
    oneClick: 'Un clic suffit :',
    faces: ['Mauvais', 'Médiocre', 'Correct', 'Bon', 'Excellent'],
    worksFor: (days) => `Les liens sont valables ${days} jours.`,
    notSolved: 'Si ce n’est pas résolu, répondez simplement à notre dernier e-mail.',
  },
  approval: {
    subject: (what) => `Votre approbation est demandée : ${what}`,
    amount: (money) => `Montant : ${money}`,
    answerBy: (when) => `Merci de répondre avant le ${when}.`,
    answerHere: (url) => `Répondre ici : ${url}`,
    forYouAlone: 'Ce lien est pour vous seul et accepte une réponse. Merci de ne pas le transmettre.',
    withdrawnSubject: (what) => `Votre approbation n’est plus nécessaire : ${what}`,
    withdrawn: (into) =>
      `il n’est plus nécessaire de répondre : la demande a été réunie avec ${into}. Si votre approbation y est nécessaire, elle vous sera de nouveau demandée.`,
  },
  portal: {
    subject: (msp) => `Votre accès au portail de ${msp}`,
    open: (span) => `ouvrez ce lien pour entrer dans le portail. Il fonctionne une seule fois, pendant ${span} :`,
    minutes: (count) => `${count} minutes`,
    days: (count) => `${count} jours`,
    ignore: 'Si vous ne l’avez pas demandé, ignorez cet e-mail.',
  },
};
