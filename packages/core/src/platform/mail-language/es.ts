import type { MailMessages } from './messages.ts';

export const es: MailMessages = {
  hello: (name) => `Hola, ${name}:`,
  regards: 'Un cordial saludo,',
  ticket: {
    answer: 'Para contestar, responda a este correo.',
    takenForResolved: 'Lo damos por resuelto. Si no lo está, responda a este correo.',
    opened: (label, subject) => `Hemos recibido su mensaje y hemos abierto ${label}: ${subject}`,
    resolved: (label, subject) => `${label} está resuelto: ${subject}`,
    notResolved: 'Si no lo está, responda a este correo y continuaremos.',
    tooLarge: (names) => `Demasiado grande para un correo; se conserva con el ticket: ${names}`,
    wrote: (day, time, name) => `El ${day} a las ${time}, ${name} escribió:`,
  },
  rating: {
    subject: (label) => `¿Qué le ha parecido nuestra ayuda con ${label}?`,
    resolved: (label, subject) => `Su solicitud ${label} está resuelta: ${subject}`,
    question: '¿Qué le ha parecido?',
    oneClick: 'Basta un clic:',
    faces: ['Mal', 'Regular', 'Aceptable', 'Bien', 'Excelente'],
    worksFor: (days) => `Los enlaces funcionan durante ${days} días.`,
    notSolved: 'Si no está resuelto, responda a nuestro último correo.',
  },
  approval: {
    subject: (what) => `Se solicita su aprobación: ${what}`,
    amount: (money) => `Importe: ${money}`,
    answerBy: (when) => `Responda, por favor, antes del ${when}.`,
    answerHere: (url) => `Responda aquí: ${url}`,
    forYouAlone: 'El enlace es solo para usted y admite una respuesta. Por favor, no lo comparta.',
    withdrawnSubject: (what) => `Su aprobación ya no es necesaria: ${what}`,
    withdrawn: (into) =>
      `ya no es necesario responder: la solicitud se unió a ${into}. Si allí se necesita su aprobación, se le volverá a pedir.`,
  },
  portal: {
    subject: (msp) => `Su acceso al portal de ${msp}`,
    open: (span) => `abra este enlace para entrar en el portal. Funciona una sola vez, durante ${span}:`,
    minutes: (count) => `${count} minutos`,
    days: (count) => `${count} días`,
    ignore: 'Si no lo ha pedido, ignore este correo.',
  },
};
