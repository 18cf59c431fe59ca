import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import type { MailMessages } from './messages.ts';

/** The languages that our mails to contacts are written in, by their codes in ISO 639-1. */
export type MailLanguage = 'en' | 'de' | 'fr' | 'es';

/** All the words of our mails, by language. Which of them go into a mail is for the module that sends it. */
export const MAIL_MESSAGES: Readonly<Record<MailLanguage, MailMessages>> = { en, de, fr, es };

/** What a mail is written with. */
export interface MailWords {
  readonly say: MailMessages;
  readonly language: MailLanguage;
  /** For dates, times and money: the language in the MSP's region where that speaks it. */
  readonly locale: string;
}

/** The words for a reader: in their own language, else in that of the MSP's locale (`de-DE`), else in English. */
export function mailWordsFor(language: string | null | undefined, mspLocale: string): MailWords {
  const wished = [language ?? '', mspLocale.split('-')[0] ?? ''];
  const spoken = wished.find(isSpoken) ?? 'en';
  return {
    say: MAIL_MESSAGES[spoken],
    language: spoken,
    locale: mspLocale.startsWith(`${spoken}-`) ? mspLocale : LOCALES[spoken],
  };
}

/** The words for somebody of whom nothing is known but what their browser asks for (`Accept-Language`, RFC 9110 §12.5.4, in its order). */
export function mailWordsAsked(acceptLanguage: string | null): MailWords {
  const asked = (acceptLanguage ?? '').slice(0, 200).split(',');
  return mailWordsFor(asked.map((part) => part.trim().slice(0, 2).toLowerCase()).find(isSpoken), 'en-GB');
}

const LOCALES: Readonly<Record<MailLanguage, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };

function isSpoken(language: string): language is MailLanguage {
  return Object.hasOwn(MAIL_MESSAGES, language);
}
