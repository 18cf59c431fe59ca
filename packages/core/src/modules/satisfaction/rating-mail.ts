import type { MailQuestion } from '#modules/mail-intake';
import type { Mail } from '#platform/mail/mail';
import type { MailMessages } from '#platform/mail-language/messages';
import { escapeHtml } from '#platform/rich-text/rich-text';
import { LINK_DAYS, SCORES } from './score.ts';

/** The question with its five faces, for a mail. Each face is a link that opens a page with that face chosen. Looking at the mail, or a scanner that follows its links, says nothing. */
export function ratingQuestion({ rating }: MailMessages, link: string): MailQuestion {
  return {
    title: `${rating.question} ${rating.oneClick}`,
    note: rating.worksFor(LINK_DAYS),
    links: SCORES.map(({ score, face, word }) => ({
      sign: face,
      label: rating.faces[score - 1] ?? word,
      url: `${link}?score=${score}`,
    })),
  };
}

/** The mail that asks, where no other mail says that the ticket is resolved or others read that one. */
export function ratingMail(about: {
  readonly clientId: Mail['clientId'];
  readonly to: { address: string; name: string };
  readonly mspName: string;
  readonly label: string;
  readonly subject: string;
  readonly link: string;
  readonly say: MailMessages;
}): Mail {
  const { say } = about;
  const { links, note } = ratingQuestion(say, about.link);
  const intro = say.rating.resolved(about.label, about.subject);
  const closing = `${note} ${say.rating.notSolved}`;
  const faces = links.map(
    ({ sign, label, url }) =>
      `<td align="center" style="padding: 0 8px"><a href="${escapeHtml(url)}" style="text-decoration: none; color: inherit"><span style="font-size: 32px">${sign}</span><br>${label}</a></td>`,
  );
  return {
    clientId: about.clientId,
    purpose: 'satisfaction.ask',
    to: [about.to],
    fromName: about.mspName,
    subject: say.rating.subject(about.label),
    text: [
      say.hello(about.to.name),
      intro,
      `${say.rating.question} ${say.rating.oneClick}`,
      links.map(({ label, url }) => `${label}: ${url}`).join('\n'),
      closing,
    ].join('\n\n'),
    html:
      `<p>${escapeHtml(say.hello(about.to.name))}</p><p>${escapeHtml(intro)}</p><p><strong>${say.rating.question}</strong> ${say.rating.oneClick}</p>` +
      `<table role="presentation"><tr>${faces.join('')}</tr></table><p>${closing}</p>`,
  };
}
