import { t } from '#web/language/language.ts';

const DAY_SECONDS = 86_400;

/** Seconds as people say them, in at most two units: `42 s`, `14 min`, `1 h 18 min`, `2 d 4 h`. */
export function durationText(seconds: number): string {
  const whole = Math.abs(Math.trunc(seconds));
  if (whole < 60) return t('time.seconds', whole);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return t('time.minutes', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('time.hours', hours, minutes % 60);
  return t('time.days', Math.floor(hours / 24), hours % 24);
}

/** An instant against now: "just now", "14 min ago", "in 1 h 18 min"; from a day on "3 Nov 12:41", with the year when it is another. */
export function relativeTime(
  instant: Temporal.Instant,
  now: Temporal.Instant,
  timeZone: string,
  locale?: string,
): string {
  const seconds = (instant.epochMilliseconds - now.epochMilliseconds) / 1000;
  if (Math.abs(seconds) < 10) return t('time.justNow');
  if (Math.abs(seconds) < DAY_SECONDS) return t(seconds < 0 ? 'time.ago' : 'time.in', { span: durationText(seconds) });
  const isThisYear = instant.toZonedDateTimeISO(timeZone).year === now.toZonedDateTimeISO(timeZone).year;
  return new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(instant.epochMilliseconds);
}

/** An instant in full, with its zone: for hovering. */
export function exactTime(instant: Temporal.Instant, timeZone: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'long' }).format(
    instant.epochMilliseconds,
  );
}

/** A calendar date, `2026-11-20`, as the reader writes it. No zone is involved. */
export function dateText(isoDate: string, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' }).format(
    Temporal.PlainDate.from(isoDate).toZonedDateTime('UTC').epochMilliseconds,
  );
}
