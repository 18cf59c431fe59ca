import type { Id } from '#kernel/id';
import { deskCatalogueModule } from '#modules/desk-catalogue';
import { deskFieldsModule } from '#modules/desk-fields';
import { mailInboxModule, type MailboxId } from '#modules/mail-inbox';
import { repliesModule } from '#modules/replies';
import { requestFormsModule } from '#modules/request-forms';
import { satisfactionModule } from '#modules/satisfaction';
import { slaModule } from '#modules/sla';
import { teamsModule } from '#modules/teams';
import { ticketChecklistsModule } from '#modules/ticket-checklists';
import { timeModule } from '#modules/time';
import { beginningOf, type Stage, type StagedStaff } from '../stage.ts';
import { act } from './act.ts';
import type { StagedLevels } from './service-levels.ts';
import { ASKED_FIELDS, CANNED_REPLIES, CATEGORIES, CATEGORY_OF, CHECKLISTS, REQUEST_FORMS } from './texts.ts';

/** The desk as it is set up: what tickets are filed by, and who they go to. */
export interface StagedDesk extends StagedLevels {
  readonly teams: { readonly firstLine: Id<'team'>; readonly infrastructure: Id<'team'> };
  /** Where a ticket is filed, by its subject. */
  readonly categoryOf: (subject: string) => Id<'desk-category'> | undefined;
  readonly checklists: ReadonlyMap<string, Id<'checklist-template'>>;
  readonly macroId: Id<'reply-macro'>;
  readonly mailboxId: MailboxId;
  readonly starterForm: {
    readonly formId: Id<'request-form'>;
    readonly fields: ReadonlyMap<string, Id<'desk-field'>>;
  };
}

/** Sets the desk up as its manager would before the first ticket. */
export async function loadCatalogue(
  stage: Stage,
  staff: readonly StagedStaff[],
  levels: StagedLevels,
): Promise<StagedDesk> {
  const { container, clock } = stage;
  const [boss] = staff;
  if (boss === undefined) throw new RangeError('The desk has no manager.');
  return clock.at(beginningOf(clock), async () => {
    const teams = await loadTeams(stage, boss, staff);
    const sla = slaModule.operations(container);
    for (const teamId of Object.values(teams))
      await act(sla.setTeamChoice, boss.scope, { teamId, policyId: levels.olaId });
    const categories = await loadCategories(stage, boss);
    const categoryOf = (subject: string): Id<'desk-category'> | undefined =>
      categories.get(CATEGORY_OF.find(([pattern]) => pattern.test(subject))?.[1] ?? '');
    const lists = ticketChecklistsModule.operations(container);
    const checklists = new Map<string, Id<'checklist-template'>>();
    for (const { items, ...list } of CHECKLISTS) {
      const { templateId } = await act(lists.createTemplate, boss.scope, { ...list, items: [...items] });
      checklists.set(list.name, templateId);
    }
    const macroId = await loadTexts(stage, boss);
    const starterForm = await loadForms(stage, boss, categoryOf);
    const mail = mailInboxModule.operations(container);
    const { mailboxId } = await act(mail.createMailbox, boss.scope, {
      name: 'Support',
      address: 'support@northgate.example',
      settings: { kind: 'smtp' },
    });
    await act(satisfactionModule.operations(container).setSetting, boss.scope, { isOn: true, pauseDays: 14 });
    return { ...levels, teams, categoryOf, checklists, macroId, mailboxId, starterForm };
  });
}

async function loadTeams({ container }: Stage, boss: StagedStaff, staff: readonly StagedStaff[]) {
  const [, priya, tom, ana, daniel, yuki] = staff.map(({ staffId }) => staffId);
  if (priya === undefined || tom === undefined || ana === undefined || daniel === undefined || yuki === undefined)
    throw new RangeError('The desk has too few people.');
  const operations = teamsModule.operations(container);
  const team = (name: string, lead: typeof tom, ...others: (typeof tom)[]) =>
    act(operations.createTeam, boss.scope, {
      name,
      members: [{ staffId: lead, isLead: true }, ...others.map((staffId) => ({ staffId }))],
    });
  const { teamId: firstLine } = await team('First line', tom, ana, daniel);
  const { teamId: infrastructure } = await team('Infrastructure', priya, daniel, yuki);
  for (const [name, levels] of [
    ['Microsoft 365', [tom, ana]],
    ['Networks', [daniel, yuki]],
    ['Deutsch', [yuki]],
  ] as const) {
    const { skillId } = await act(operations.createSkill, boss.scope, { name });
    for (const [index, staffId] of levels.entries())
      await act(operations.setSkillLevel, boss.scope, { skillId, staffId, level: 3 - index });
  }
  await act(timeModule.operations(container).setWorkingDay, boss.scope, {
    timeZone: 'Europe/London',
    dayMinutes: 450,
  });
  return { firstLine, infrastructure };
}

async function loadCategories({ container }: Stage, boss: StagedStaff): Promise<Map<string, Id<'desk-category'>>> {
  const { createCategory } = deskCatalogueModule.operations(container);
  const categories = new Map<string, Id<'desk-category'>>();
  for (const { name, below } of CATEGORIES) {
    const { categoryId: parentId } = await act(createCategory, boss.scope, { name });
    categories.set(name, parentId);
    for (const child of below)
      categories.set(child, (await act(createCategory, boss.scope, { name: child, parentId })).categoryId);
  }
  return categories;
}

async function loadTexts({ container }: Stage, boss: StagedStaff): Promise<Id<'reply-macro'>> {
  const operations = repliesModule.operations(container);
  for (const text of CANNED_REPLIES) await act(operations.createTemplate, boss.scope, { ...text, isShared: true });
  await act(operations.createMacro, boss.scope, {
    name: 'Take it and say so',
    isShared: true,
    steps: [
      { kind: 'assign-me' },
      { kind: 'status', status: 'in-progress' },
      {
        kind: 'reply',
        html: '<p>Hello {{contact.firstName}},</p><p>I have {{ticket.number}} and am looking at it.</p>',
      },
    ],
  });
  const { macroId } = await act(operations.createMacro, boss.scope, {
    name: 'Ask again, then wait',
    isShared: true,
    steps: [
      {
        kind: 'reply',
        html: '<p>Hello {{contact.firstName}},</p><p>may I ask again? We need your answer to go on.</p>',
      },
      { kind: 'status', status: 'waiting-client' },
    ],
  });
  return macroId;
}

async function loadForms(
  { container }: Stage,
  boss: StagedStaff,
  categoryOf: StagedDesk['categoryOf'],
): Promise<StagedDesk['starterForm']> {
  const { createField } = deskFieldsModule.operations(container);
  const fields = new Map<string, Id<'desk-field'>>();
  for (const { choices, ...field } of ASKED_FIELDS) {
    const { fieldId } = await act(createField, boss.scope, { ...field, choices: [...choices], isPublic: true });
    fields.set(field.name, fieldId);
  }
  await act(createField, boss.scope, {
    name: 'Cause',
    type: 'choice',
    choices: ['Hardware', 'Software', 'Vendor', 'User', 'Change'],
    ticketTypes: ['incident', 'problem'],
  });
  const { createForm } = requestFormsModule.operations(container);
  const forms = new Map<string, Id<'request-form'>>();
  for (const [index, { asks, files, ...form }] of REQUEST_FORMS.entries()) {
    const categoryId = categoryOf(files);
    const { formId } = await act(createForm, boss.scope, {
      ...form,
      ...(categoryId === undefined ? {} : { categoryId }),
      fields: asks.flatMap((name) => {
        const fieldId = fields.get(name);
        return fieldId === undefined ? [] : [{ fieldId, isRequired: name.endsWith('day') }];
      }),
      place: index * 10,
    });
    forms.set(form.name, formId);
  }
  const formId = forms.get('A new colleague');
  if (formId === undefined) throw new RangeError('The desk has no form for a new colleague.');
  return { formId, fields };
}
