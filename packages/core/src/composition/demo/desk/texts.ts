/** What the desk says again and again. */
export const CANNED_REPLIES = [
  {
    folder: 'First answer',
    name: 'We are on it',
    html: '<p>Hello {{contact.firstName}},</p><p>thank you for telling us. I have taken {{ticket.number}} and will write again before lunch.</p><p>{{agent.firstName}}, {{msp.name}}</p>',
  },
  {
    folder: 'First answer',
    name: 'Please send a picture',
    html: '<p>Hello {{contact.firstName}},</p><p>could you send us a picture of the message that you see? You can paste it into your answer.</p>',
  },
  {
    folder: 'End',
    name: 'Solved, please look',
    html: '<p>Hello {{contact.firstName}},</p><p>this should work now. If it does not, simply answer this mail: the ticket opens again.</p>',
  },
  {
    folder: 'End',
    name: 'Nothing heard for a week',
    html: '<p>Hello {{contact.firstName}},</p><p>we have not heard from you, so we take it that all is well with “{{ticket.subject}}”. Answer whenever it is not.</p>',
  },
  {
    folder: 'Deutsch',
    name: 'Wir kümmern uns',
    language: 'de',
    html: '<p>Guten Tag {{contact.name}},</p><p>vielen Dank für Ihre Nachricht. Wir sehen uns das an und melden uns heute noch.</p>',
  },
] as const;

/** Lists of things to do. Minutes are counted from when the list came to the ticket. */
export const CHECKLISTS = [
  {
    name: 'New starter',
    ticketType: 'request',
    items: [
      { title: 'Manager has agreed in writing', role: 'First line', isRequired: true, dueMinutes: 240 },
      { title: 'Account, mailbox and groups', role: 'First line', isRequired: true, dueMinutes: 1440 },
      { title: 'Laptop imaged and enrolled', role: 'Infrastructure', isRequired: true, dueMinutes: 2880 },
      { title: 'Second factor set up with the person', role: 'First line', isRequired: true },
      { title: 'Welcome letter on the desk', role: 'On site' },
    ],
  },
  {
    name: 'Leaver',
    ticketType: 'request',
    items: [
      { title: 'Sign-in disabled and sessions ended', role: 'First line', isRequired: true, dueMinutes: 60 },
      { title: 'Mail forwarded as agreed', role: 'First line', isRequired: true },
      { title: 'Licences given back', role: 'First line' },
      { title: 'Machine back in the store', role: 'On site' },
    ],
  },
  {
    name: 'Monthly maintenance',
    ticketType: 'task',
    items: [
      { title: 'Backups of last night are whole', role: 'Infrastructure', isRequired: true },
      { title: 'Updates installed and restarted', role: 'Infrastructure', isRequired: true },
      { title: 'Restore of one file tried', role: 'Infrastructure' },
    ],
  },
] as const;

/** Categories, with those below them. */
export const CATEGORIES: readonly { readonly name: string; readonly below: readonly string[] }[] = [
  { name: 'Accounts', below: ['Passwords', 'Joiners and leavers', 'Access'] },
  { name: 'Workplace', below: ['Printing', 'Hardware', 'Software'] },
  { name: 'Mail and calendar', below: [] },
  { name: 'Network', below: [] },
  { name: 'Servers and backup', below: [] },
  { name: 'Security', below: [] },
];

/** The category of a ticket by its subject: the first that fits. */
export const CATEGORY_OF: readonly (readonly [RegExp, string])[] = [
  [/suspicious/i, 'Security'],
  [/print/i, 'Printing'],
  [/password expired/i, 'Passwords'],
  [/starter|leaver/i, 'Joiners and leavers'],
  [/access/i, 'Access'],
  [/outlook|mail/i, 'Mail and calendar'],
  [/vpn|internet|firmware/i, 'Network'],
  [/disk|backup|updates|file deleted/i, 'Servers and backup'],
  [/licence|slow|sound/i, 'Software'],
  [/./, 'Hardware'],
];

/** What contacts say with their rating, by the score. */
export const RATING_WORDS: Readonly<Record<number, readonly string[]>> = {
  5: ['', '', 'Quick and friendly, thank you!', 'Sorted before I had my coffee.', ''],
  4: ['', 'Good, though I had to explain it twice.', ''],
  3: ['It works now, but it took two days.', ''],
  2: ['I had to ask three times before somebody called.'],
  1: ['The same fault was back the next morning.'],
};

/** What forms ask for. */
export const ASKED_FIELDS = [
  { name: 'First day', type: 'date', help: 'When all must be ready', choices: [] },
  { name: 'Last day', type: 'date', help: 'After it nobody signs in any more', choices: [] },
  {
    name: 'Department',
    type: 'choice',
    help: '',
    choices: ['Accounts', 'Management', 'Operations', 'Sales'],
  },
  { name: 'Works like', type: 'text', help: 'A colleague with the same work', choices: [] },
  { name: 'Budget', type: 'number', help: 'At most, in your currency', choices: [] },
  { name: 'Who else is affected', type: 'text', help: '', choices: [] },
] as const;

/** The portal's forms. A day is asked for always; `files` is a word of a subject that is filed in the same category. */
export const REQUEST_FORMS = [
  {
    name: 'Something is broken',
    description: 'A machine, a printer, a program: tell us what you see.',
    type: 'incident',
    files: 'hardware',
    asks: ['Who else is affected'],
  },
  {
    name: 'A new colleague',
    description: 'Account, mailbox and machine, ready on the first day.',
    type: 'request',
    files: 'starter',
    asks: ['First day', 'Department', 'Works like'],
  },
  {
    name: 'Somebody leaves',
    description: 'We close the account on the last day and keep the mail as you wish.',
    type: 'request',
    files: 'leaver',
    asks: ['Last day'],
  },
  {
    name: 'Order hardware',
    description: 'We offer, you approve, we deliver.',
    type: 'request',
    files: 'hardware',
    asks: ['Budget', 'Department'],
  },
] as const;
