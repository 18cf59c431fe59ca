import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId, MspId } from '#kernel/id';
import { ScopedDb } from '#platform/db/scoped-db';
import {
  buildMsp,
  contactScope,
  staffScope,
  startTestApp,
  type TestApp,
} from '../../../../../test/support/test-app.ts';
import { ArticleFiles } from './article-files.ts';
import { ArticleQueries, listArticlesInput } from './article-queries.ts';
import { ArticleVotes } from './article-votes.ts';
import { Categories } from './categories.ts';
import type { KnowledgeArticleId } from './knowledge-table.ts';
import { createArticleInput, SaveArticle, updateArticleInput } from './save-article.ts';

let app: TestApp;
let mspId: MspId;
let first: ClientId;
let second: ClientId;
const made = new Map<string, KnowledgeArticleId>();
beforeAll(async () => {
  app = await startTestApp();
  const built = await buildMsp(app, { clients: 2 });
  mspId = built.mspId;
  [first, second] = built.clientIds as [ClientId, ClientId];
  const articles = [
    { title: 'Resetting a printer', html: '<p>Hold the button.</p>', audience: 'public' },
    { title: 'Passwords of printers', html: '<p>In the safe.</p>', audience: 'internal' },
    { title: 'Your printer in Leeds', html: '<p>Second floor.</p>', audience: 'client', clientIds: [first] },
    { title: 'A printer to come', html: '<p>Soon.</p>', audience: 'public', state: 'draft' },
    { title: 'Drucker einrichten', html: '<p>Die Häuser haben Drucker.</p>', audience: 'public', language: 'de' },
  ];
  for (const article of articles) {
    const input = createArticleInput.parse({ state: 'published', ...article });
    made.set(article.title, (await app.container.resolve(SaveArticle).create(staffScope(mspId), input)).articleId);
  }
});
afterAll(() => app[Symbol.asyncDispose]());

const idOf = (title: string): KnowledgeArticleId => made.get(title)!;
const queries = (): ArticleQueries => app.container.resolve(ArticleQueries);

describe('ArticleQueries', () => {
  it('shows a contact what is published for everybody or for their company, in lists, searches, suggestions and by id', async () => {
    const [ours, theirs] = [contactScope(mspId, first), contactScope(mspId, second)];
    const titles = async (scope: typeof ours, search?: string) =>
      (await queries().listForContact(scope, { limit: 50, cursor: undefined, search })).items
        .map((article) => article.title)
        .toSorted();
    expect(await titles(ours)).toEqual(['Drucker einrichten', 'Resetting a printer', 'Your printer in Leeds']);
    expect(await titles(theirs)).toEqual(['Drucker einrichten', 'Resetting a printer']);
    expect(await titles(ours, 'printers')).toEqual(['Resetting a printer', 'Your printer in Leeds']);
    expect(await titles(theirs, 'printers')).toEqual(['Resetting a printer']);
    const suggested = await queries().suggest(theirs, { text: 'My printer in Leeds smokes, reset?' });
    expect(suggested.map((article) => article.title)).toEqual(['Resetting a printer']);
    for (const title of ['Passwords of printers', 'Your printer in Leeds', 'A printer to come'])
      await expect(queries().getForContact(theirs, idOf(title))).rejects.toMatchObject({
        code: 'knowledge.article-not-found',
      });
  });

  it('hides an article for clients from staff who reach none of them', async () => {
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [second] });
    const page = await queries().list(narrow, listArticlesInput.parse({ search: 'printer' }));
    expect(page.items.map((article) => article.title)).not.toContain('Your printer in Leeds');
    expect(page.items).toHaveLength(3);
    await expect(queries().get(narrow, idOf('Your printer in Leeds'))).rejects.toMatchObject({
      code: 'knowledge.article-not-found',
    });
    const suggested = await queries().suggest(staffScope(mspId), { text: 'printer Leeds', clientId: second });
    expect(suggested.map((article) => article.title)).not.toContain('Your printer in Leeds');
  });

  it('finds by the rules of an article’s language, with whatever somebody types', async () => {
    const scope = staffScope(mspId);
    const found = async (search: string) =>
      (await queries().list(scope, listArticlesInput.parse({ search }))).items.map((article) => article.title);
    expect(await found('haus')).toEqual(['Drucker einrichten']);
    expect(await found('resetting')).toEqual(['Resetting a printer']);
    for (const search of ['"', '& | ! <->', "'; drop table knowledge_article; --", '😀', '-'.repeat(200)])
      expect(await found(search)).toEqual([]);
    expect(await queries().suggest(scope, { text: '!!! ???' })).toEqual([]);
  });
});

describe('SaveArticle', () => {
  it('keeps each version, refuses a stale one, and moves an article between audiences', async () => {
    const save = app.container.resolve(SaveArticle);
    const scope = staffScope(mspId);
    const html = '<h2>How</h2><p>So.<script>x</script></p>';
    const { articleId } = await save.create(scope, createArticleInput.parse({ title: 'One', html }));
    const change = (version: number, more: object) =>
      save.update(scope, updateArticleInput.parse({ articleId, version, title: 'Two', html, ...more }));
    await change(1, { audience: 'client', clientIds: [first, second], state: 'published' });
    expect((await queries().getForContact(contactScope(mspId, second), articleId)).html).toBe('<h2>How</h2><p>So.</p>');
    await change(2, { audience: 'client', clientIds: [first], state: 'published' });
    await expect(queries().getForContact(contactScope(mspId, second), articleId)).rejects.toThrow('no such article');
    await expect(change(2, {})).rejects.toMatchObject({ code: 'knowledge.article-changed' });
    await change(3, { audience: 'internal' });
    expect(await queries().get(scope, articleId)).toMatchObject({ clientIds: [], audience: 'internal', version: 4 });
    expect((await queries().versions(scope, articleId)).map((version) => version.title)).toEqual([
      'Two',
      'Two',
      'Two',
      'One',
    ]);
    for (const wrong of [{ audience: 'client' }, { audience: 'public', clientIds: [first] }])
      await expect(change(4, wrong)).rejects.toMatchObject({ code: 'knowledge.clients-needed' });
    await expect(change(4, { html: '<p></p>' })).rejects.toMatchObject({ code: 'knowledge.empty-article' });
  });

  it('leaves what holds for all to who reaches all, in the use case and in the database', async () => {
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [first] });
    const input = { title: 'Mine', html: '<p>x</p>' };
    const save = app.container.resolve(SaveArticle);
    await expect(save.create(narrow, createArticleInput.parse(input))).rejects.toMatchObject({
      code: 'scope.needs-all-clients',
    });
    await expect(
      save.create(narrow, createArticleInput.parse({ ...input, audience: 'client', clientIds: [second] })),
    ).rejects.toMatchObject({ code: 'tenancy.client-not-found' });
    await save.create(narrow, createArticleInput.parse({ ...input, audience: 'client', clientIds: [first] }));
    const changed = await app.container
      .resolve(ScopedDb)
      .transaction(contactScope(mspId, first), (tx) =>
        tx.sql(`update knowledge_article set title = 'Stolen' returning id`),
      );
    expect(changed).toEqual([]);
  });
});

describe('ArticleFiles', () => {
  const files = () => app.container.resolve(ArticleFiles);
  const upload = (text: string, fileName = '../guide.html') => ({
    fileName,
    contentType: 'text/html',
    body: new Blob([text]).stream(),
  });

  it('go to whoever may read the article, always to be saved, and are written by staff alone', async () => {
    const articleId = idOf('Your printer in Leeds');
    const narrow = staffScope(mspId, { kind: 'only', clientIds: [first] });
    const file = await files().add(narrow, articleId, upload('<script>alert(1)</script>'));
    expect(file).toMatchObject({ fileName: 'guide.html', contentType: 'application/octet-stream', sizeBytes: 25 });
    const given = { articleId, fileId: file.id };
    expect((await queries().getForContact(contactScope(mspId, first), articleId)).files).toEqual([file]);
    const { body, disposition } = await files().open(contactScope(mspId, first), given);
    expect([disposition, await new Response(body).text()]).toEqual(['attachment', '<script>alert(1)</script>']);
    const others = [contactScope(mspId, second), staffScope(mspId, { kind: 'only', clientIds: [second] })];
    for (const scope of others)
      await expect(files().open(scope, given)).rejects.toMatchObject({ code: 'knowledge.file-not-found' });
    await expect(files().open(narrow, { ...given, articleId: idOf('Resetting a printer') })).rejects.toMatchObject({
      code: 'knowledge.file-not-found',
    });
    await expect(files().add(narrow, idOf('Resetting a printer'), upload('x'))).rejects.toMatchObject({
      code: 'scope.needs-all-clients',
    });
    await expect(files().add(narrow, articleId, upload(''))).rejects.toMatchObject({ code: 'knowledge.empty-file' });
    const written = app.container
      .resolve(ScopedDb)
      .transaction(contactScope(mspId, first), (tx) => tx.sql(`delete from knowledge_file returning id`));
    expect(await written.catch(() => [])).toEqual([]);
    await files().remove(narrow, given);
    await expect(files().open(narrow, given)).rejects.toMatchObject({ code: 'knowledge.file-not-found' });
  });
});

describe('Categories', () => {
  it('show a contact those alone in which they may read something', async () => {
    const scope = staffScope(mspId);
    const categories = app.container.resolve(Categories);
    const { categoryId: printing } = await categories.create(scope, { name: 'Printing' });
    const { categoryId: secrets } = await categories.create(scope, { name: 'Secrets' });
    const make = (categoryId: string, more: object) =>
      app.container
        .resolve(SaveArticle)
        .create(
          scope,
          createArticleInput.parse({ title: 'x', html: '<p>x</p>', state: 'published', categoryId, ...more }),
        );
    await make(printing, { audience: 'client', clientIds: [first] });
    await make(secrets, {});
    expect(await categories.listFilled(contactScope(mspId, first))).toEqual([{ id: printing, name: 'Printing' }]);
    expect(await categories.listFilled(contactScope(mspId, second))).toEqual([]);
    const { items } = await queries().listForContact(contactScope(mspId, first), {
      limit: 50,
      cursor: undefined,
      categoryId: printing,
    });
    expect(items).toHaveLength(1);
  });
});

describe('ArticleVotes', () => {
  it('count one word of each reader, of what they may read', async () => {
    const votes = app.container.resolve(ArticleVotes);
    const contact = contactScope(mspId, second);
    const articleId = idOf('Resetting a printer');
    for (const isHelpful of [true, false, true]) await votes.vote(contact, { articleId, isHelpful });
    await votes.vote(contactScope(mspId, first), { articleId, isHelpful: false });
    expect(await queries().get(staffScope(mspId), articleId)).toMatchObject({ helpful: 1, unhelpful: 1 });
    expect(await queries().getForContact(contact, articleId)).toMatchObject({ isHelpful: true });
    await expect(
      votes.vote(contact, { articleId: idOf('Your printer in Leeds'), isHelpful: true }),
    ).rejects.toMatchObject({ code: 'knowledge.article-not-found' });
  });
});
