import type { WordLine } from './fold-lines.ts';

/** How programs head a mail that is passed on, in English, German, French and Spanish. What follows is the message, not a quotation. */
export const FORWARDED =
  /^(?:[-–—_* ]{0,30}(?:forwarded message|weitergeleitete nachricht|message transféré|message transmis|mensaje reenviado)[-–—_* ]{0,30}|(?:begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado) ?:)$/iu;

/** What stands above an earlier mail that is quoted whole. */
export const ORIGINAL_MESSAGE =
  /^[-–—_* ]{2,30}(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|message d['’]origine|message original|mensaje original)[-–—_* ]{2,30}$/iu;

/** A line that only sets apart. */
export const RULE = /^[-_=*–—]{5,}$/;

const FROM = /^\*?(?:from|von|de|expéditeur|remitente)\*? ?:\*? ?\S/iu;
const OTHERS: readonly RegExp[] = [
  /^\*?(?:sent|date|gesendet|datum|envoyé|enviado(?: el)?|fecha)\*? ?:\*?/iu,
  /^\*?(?:to|an|à|para)\*? ?:\*?/iu,
  /^\*?(?:subject|betreff|objet|asunto)\*? ?:\*?/iu,
];

/** True where a header of an earlier mail begins, as Outlook writes it: who, when, to whom, about what. */
export function headerBlockAt(lines: readonly WordLine[], at: number): boolean {
  if (!FROM.test(lines[at]?.text.trim() ?? '')) return false;
  const below = lines.slice(at + 1, at + 8).map((line) => line.text.trim());
  return OTHERS.filter((field) => below.some((text) => field.test(text))).length >= 2;
}

const ATTRIBUTIONS: readonly RegExp[] = [
  /^on\b.{6,300}\bwrote ?:$/isu,
  /^(?:am|den)\b.{6,300}\bschrieb\b.{0,200}:$/isu,
  /^le\b.{6,300}\ba écrit ?:$/isu,
  /^el\b.{6,300}\bescribió ?:$/isu,
  /^.{0,150}<[^<>\s]{3,254}@[^<>\s]{1,254}>.{0,80}\b(?:wrote|schrieb|a écrit|escribió)\b.{0,80}:$/isu,
];
/** Programs break the line at 72 or so letters, so that it comes in up to four. */
const MAX_LINES = 4;

/** How many lines, from this one on, name the author of the quotation below (“On … wrote:”); 0 where they do not. */
export function attributionAt(lines: readonly WordLine[], at: number): number {
  let joined = '';
  for (let length = 1; length <= MAX_LINES; length += 1) {
    const text = lines[at + length - 1]?.text.trim() ?? '';
    if (text === '' || text.startsWith('>')) return 0;
    joined = joined === '' ? text : `${joined} ${text}`;
    if (joined.length > 600) return 0;
    if (!joined.endsWith(':')) continue;
    return /\d/.test(joined) && ATTRIBUTIONS.some((one) => one.test(joined)) ? length : 0;
  }
  return 0;
}

const MOBILE: readonly RegExp[] = [
  /^sent (?:from|with|via|using) .{2,60}$/iu,
  /^get outlook for .{2,30}$/iu,
  /^(?:von meinem .{2,40} gesendet|gesendet (?:von|mit|aus|über) .{2,80}|diese nachricht wurde von .{2,80} gesendet|holen sie sich outlook für .{2,30}|outlook für .{2,20} herunterladen)\.?$/iu,
  /^(?:envoyé (?:de|depuis|à partir de|avec) .{2,60}|télécharger outlook pour .{2,30}|obtenez outlook pour .{2,30})$/iu,
  /^(?:enviado (?:desde|con|a través de) .{2,60}|obtener outlook para .{2,30}|descargar outlook para .{2,30})$/iu,
];

/** True for the line that a telephone or an app puts below a mail. */
export function isMobileSignature(line: string): boolean {
  const text = line
    .replaceAll(/<https?:[^<>]{0,300}>/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.length <= 120 && MOBILE.some((one) => one.test(text));
}
