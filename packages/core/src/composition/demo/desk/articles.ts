import { knowledgeModule } from '#modules/knowledge';
import { beginningOf, type Stage, type StagedClient, type StagedStaff } from '../stage.ts';
import { act } from './act.ts';

interface ArticlePlan {
  readonly title: string;
  readonly category: string;
  /** `client` is for the first client alone. */
  readonly audience: 'internal' | 'client' | 'public';
  readonly html: string;
  readonly state?: 'draft';
  /** In how many days somebody must look at it again; what is past is overdue. */
  readonly reviewInDays?: number;
}

const ARTICLES: readonly ArticlePlan[] = [
  {
    title: 'Printer shows “offline”',
    category: 'Workplace',
    audience: 'public',
    reviewInDays: 120,
    html: '<p>Most of the time the printer is only asleep, or has another address than your machine thinks.</p><h3>Try this first</h3><ol><li>Look whether the printer’s display shows an error, and wake it by its power button.</li><li>Open <b>Settings › Printers</b>, choose the printer, then <b>Open queue</b>, and cancel what waits there.</li><li>Print a test page.</li></ol><p>Still nothing? Open a request with the name on the printer’s label, and we look at it from here.</p>',
  },
  {
    title: 'Set up the second factor on a new phone',
    category: 'Accounts',
    audience: 'public',
    html: '<p>You need your old phone, or ten minutes on the telephone with us.</p><ol><li>Install the authenticator app on the new phone.</li><li>On your computer open your security page and choose <b>Add a way to sign in</b>.</li><li>Scan the code, enter the six digits, and remove the old phone.</li></ol><p><b>Lost the old phone?</b> Call us. We call you back on the number that your company gave us, and never on another.</p>',
  },
  {
    title: 'How to tell a false e-mail from a true one',
    category: 'Security',
    audience: 'public',
    reviewInDays: 40,
    html: '<p>Three questions, before you click:</p><ul><li>Do I expect this?</li><li>Is the address behind the name the right one?</li><li>Does it hurry me, or threaten me?</li></ul><p>If one of them feels wrong, send it to us with <b>Report</b>, and do not answer. You never bother us with it.</p>',
  },
  {
    title: 'Work from home: when the VPN drops',
    category: 'Network',
    audience: 'public',
    html: '<p>Short drops mostly come from the wireless network at home.</p><ul><li>Sit near the router, or use a cable, for ten minutes. Is it stable now?</li><li>Close video calls that nobody watches.</li><li>In the VPN program choose the gateway <b>Leeds 2</b>.</li></ul>',
  },
  {
    title: 'The case files: how folders are named, and who may see them',
    category: 'Workplace',
    audience: 'client',
    html: '<p>Each matter has a folder <code>M:\\Cases\\year\\number</code>. Access follows the matter’s team in the case system, overnight.</p><ul><li>A colleague joins a matter: the partner adds them in the case system.</li><li>It must be at once: write to us, and name the partner.</li></ul>',
  },
  {
    title: 'Runbook: a backup failed',
    category: 'Servers and backup',
    audience: 'internal',
    reviewInDays: -9,
    html: '<p>Applies to the nightly job of every managed server.</p><ol><li>Read the job’s log. <b>Snapshot timed out</b> and <b>repository is full</b> are nine in ten.</li><li>Snapshot: restart the writer, run the job again, and watch it begin.</li><li>Repository: see whose retention grew; never delete a chain by hand.</li><li>Second failure in a row: raise to P2 and tell the client’s manager.</li></ol><pre><code>vssadmin list writers\nvssadmin list shadowstorage</code></pre>',
  },
  {
    title: 'Who may ask for what, and how we make sure',
    category: 'Accounts',
    audience: 'internal',
    html: '<p>Passwords and second factors: call back on the number on file, always. Joiners, leavers, access: the contact’s manager approves on the ticket, by an approval, not by a forwarded mail.</p>',
  },
  {
    title: 'Known error: spooler stops after driver 6.3',
    category: 'Workplace',
    audience: 'internal',
    html: '<p>Driver 6.3 of the multifunction printers leaves jobs behind that stop the spooler every few hours.</p><p><b>Workaround:</b> clear the queue, pin driver 6.2. The vendor has confirmed it and promises 6.4.</p>',
  },
  {
    title: 'Moving to the new telephone system',
    category: 'Workplace',
    audience: 'public',
    state: 'draft',
    html: '<p>Draft: dates and numbers come from the project.</p>',
  },
];

/** Articles of every audience, and what contacts said of them. */
export async function loadArticles(
  stage: Stage,
  clients: readonly StagedClient[],
  staff: readonly StagedStaff[],
): Promise<void> {
  const { container, clock } = stage;
  const [boss] = staff;
  const [first] = clients;
  if (boss === undefined || first === undefined) throw new RangeError('Nobody is there to write for.');
  const knowledge = knowledgeModule.operations(container);
  const random = stage.random.fork('articles');
  const categories = new Map<string, Awaited<ReturnType<typeof newCategory>>>();
  const newCategory = (name: string) => act(knowledge.createCategory, boss.scope, { name });
  for (const [index, { category, reviewInDays, ...article }] of ARTICLES.entries()) {
    const writtenAt = beginningOf(clock)
      .add({ hours: 24 * 11 * (index + 1) })
      .toZonedDateTimeISO('Europe/London')
      .withPlainTime({ hour: 10 + (index % 6), minute: (index * 17) % 60 })
      .toInstant();
    const { articleId } = await clock.at(writtenAt, async () => {
      const known = categories.get(category) ?? (await newCategory(category));
      categories.set(category, known);
      return act(knowledge.createArticle, staff[1 + (index % (staff.length - 1))]?.scope ?? boss.scope, {
        ...article,
        state: article.state ?? 'published',
        clientIds: article.audience === 'client' ? [first.clientId] : [],
        categoryId: known.categoryId,
        reviewOn: reviewInDays === undefined ? null : dayIn(clock.present, reviewInDays),
      });
    });
    if (article.audience === 'internal' || article.state === 'draft') continue;
    const readers = (article.audience === 'client' ? [first] : clients).flatMap(({ contacts }) => contacts.slice(0, 5));
    for (const reader of readers.filter(() => random.chance(0.5)))
      await clock.at(writtenAt.add({ hours: random.int(30, 24 * 60) }), () =>
        act(knowledge.votePortalArticle, reader.scope, { articleId, isHelpful: random.chance(0.85) }),
      );
  }
  stage.say(`  articles: ${ARTICLES.length}`);
}

function dayIn(present: Temporal.Instant, days: number): string {
  return present.toZonedDateTimeISO('Europe/London').toPlainDate().add({ days }).toString();
}
