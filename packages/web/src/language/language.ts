import { flatten, resolveTemplate, translator, type Flatten } from '@solid-primitives/i18n';
import { createSignal } from 'solid-js';
import { en } from './messages/en.ts';
import type { Messages } from './messages/messages.ts';

/** The languages that the portal speaks, each by its own name. */
export const LANGUAGES = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
] as const;
export type Language = (typeof LANGUAGES)[number]['value'];

type Flat = Flatten<Messages>;
/** The name of a message that is one piece of text: `home.ask`. */
export type TextKey = { [Key in keyof Flat]: Flat[Key] extends string ? Key : never }[keyof Flat];

// Fetched when somebody reads them: who reads English pays for English.
const OTHERS: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Messages>>> = {
  de: async () => (await import('./messages/de.ts')).de,
  fr: async () => (await import('./messages/fr.ts')).fr,
  es: async () => (await import('./messages/es.ts')).es,
};
const STORED = 'bailiwick.language';

const [current, setCurrent] = createSignal<{ language: Language; flat: Flat }>({
  language: 'en',
  flat: flatten(en as Messages),
});
const [region, setRegion] = createSignal<string>();

/** The language that is shown. */
export const language = (): Language => current().language;

/** The locale for dates, figures and money: the language in the reader's region; undefined means as the browser does. */
export const locale = (): string | undefined => region();

/** The message of that name, in the language that is shown: `t('home.fixing', 3)`, `t('home.asked', { name })`. Read where it is shown, it follows the language. */
export const t = translator(() => current().flat, resolveTemplate);

/** A message before anything is filled in; used to put elements into it. */
export const messageText = (key: TextKey): string => current().flat[key] as string;

/** Whether there is a message of that name: codes of problems are looked up so. */
export function findMessage(key: string): string | undefined {
  const found = (current().flat as Readonly<Record<string, unknown>>)[key];
  return typeof found === 'string' ? found : undefined;
}

/** Shows everything in another language, as soon as its messages are here, and remembers it on this device. */
export async function showLanguage(next: Language): Promise<void> {
  const messages = next === 'en' ? (en as Messages) : await OTHERS[next]();
  setCurrent({ language: next, flat: flatten(messages) });
  setRegion(next === navigator.language.split('-')[0] ? navigator.language : next);
  document.documentElement.lang = next;
  localStorage.setItem(STORED, next);
}

/** The language for who has not chosen one: that of this device before, or the first of the browser's that we speak. */
export function guessLanguage(): Language {
  const wished = [localStorage.getItem(STORED) ?? '', ...navigator.languages].map((tag) => tag.split('-')[0]);
  return wished.map(toLanguage).find((found) => found !== undefined) ?? 'en';
}

/** A tag such as `de-AT` as a language that we speak; undefined where we do not. */
export function toLanguage(tag: string | undefined): Language | undefined {
  return LANGUAGES.find(({ value }) => value === tag?.split('-')[0])?.value;
}
