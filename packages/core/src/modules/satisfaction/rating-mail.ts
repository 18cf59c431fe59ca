import type { Mail } from '#platform/mail/mail';
import { escapeHtml } from '#platform/rich-text/rich-text';
import { LINK_DAYS, SCORES } from './score.ts';

/** The mail that asks: each face is a link that opens a page with that face chosen. Looking at the mail, or a scanner that follows its links, says nothing. */
export function ratingMail(about: {
  readonly clientId: Mail['clientId'];
  readonly to: { address: string; name: string };
  readonly mspName: string;
  readonly number: number;
  readonly subject: string;
  readonly link: string;
}): Mail {
  const label = `T-${about.number}`;
  const linkOf = (score: number): string => `${about.link}?score=${score}`;
  const intro = `Your request ${label} is resolved: ${about.subject}`;
  const faces = SCORES.map(
    ({ score, face, word }) =>
      `<td align="center" style="padding: 0 8px"><a href="${escapeHtml(linkOf(score))}" style="text-decoration: none; color: inherit"><span style="font-size: 32px">${face}</span><br>${word}</a></td>`,
  ).join('');
  return {
    clientId: about.clientId,
    purpose: 'satisfaction.ask',
    to: [about.to],
    fromName: about.mspName,
    subject: `How did we do with ${label}?`,
    text: [
      `Hello ${about.to.name},`,
      intro,
      'How did we do? One click is enough:',
      SCORES.map(({ score, word }) => `${word}: ${linkOf(score)}`).join('\n'),
      `The links work for ${LINK_DAYS} days. If it is not solved, just answer our last mail.`,
    ].join('\n\n'),
    html:
      `<p>Hello ${escapeHtml(about.to.name)},</p><p>${escapeHtml(intro)}</p><p><strong>How did we do?</strong> One click is enough:</p>` +
      `<table role="presentation"><tr>${faces}</tr></table>` +
      `<p>The links work for ${LINK_DAYS} days. If it is not solved, just answer our last mail.</p>`,
  };
}
