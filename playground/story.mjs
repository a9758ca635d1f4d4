/** Sample data of the playground: one fictional club, its people, and its addresses. */

export const PASSWORD = 'Playground1';

const ALL_MAILBOXES = ['read', 'create', 'update', 'delete'].map((right) => `mailboxes.${right}`);
/** The media library loads its settings whenever it opens. */
const FILES = ['plugin::upload.read', 'plugin::upload.assets.create', 'plugin::upload.settings.read'];

/** Permissions of the plugin, and of Strapi where a full name stands. */
export const ROLES = {
  siteAdmin: {
    name: 'Site admin',
    description: 'Maintains the mailboxes and says who may use them.',
    actions: [...ALL_MAILBOXES, ...['communication.send', 'grants.manage', 'log.read', 'log.manage'], ...FILES],
  },
  editor: {
    name: 'Club editor',
    description: 'Writes to members.',
    actions: ['communication.send', ...FILES],
  },
  press: {
    name: 'Press team',
    description: 'Writes to newspapers.',
    actions: ['communication.send', ...FILES],
  },
};

/** Root is a Super Admin, which is no role of ours. */
export const PEOPLE = {
  root: { firstname: 'Root', lastname: 'Operator', email: 'root@site.example', role: null },
  carol: { firstname: 'Carol', lastname: 'Clark', email: 'carol@club.example', role: 'siteAdmin' },
  ada: { firstname: 'Ada', lastname: 'Adams', email: 'ada@club.example', role: 'editor' },
  ben: { firstname: 'Ben', lastname: 'Baker', email: 'ben@club.example', role: 'press' },
};

/** Logins of the club's own mail server. */
export const LOGINS = {
  'news@club.example': 'news-secret',
  'events@club.example': 'events-secret',
  'ada@club.example': 'ada-secret',
};

export const CLUB = {
  name: 'The Club',
  ownAddress: 'sender-and-reply-to',
  // One more than is used: the next address fits, the one after it does not.
  mailboxLimit: 7,
};

export const ACADEMY = {
  key: 'academy',
  name: 'Academy',
  ownAddress: 'reply-to',
  duplicatePolicy: 'both',
  systemSender: 'when-nothing-else',
  mailboxLimit: 2,
  mailboxDomains: ['academy.example'],
};

/** Members of the academy; every user is a member of the club. */
export const ACADEMY_MEMBERS = { people: ['ada'], roles: ['press'] };

/**
 * `login`: it has its own settings, for the club's mail server; `'without password'` makes it wait for one.
 * `grants`: people and roles that may use it although it is restricted.
 */
export const MAILBOXES = {
  news: {
    input: {
      email: 'news@club.example',
      name: 'Club News',
      restricted: true,
      signature: { html: '<p>{{author.name}}<br><strong>Club News</strong> · {{author.role}}</p>' },
    },
    login: 'with password',
    grants: { people: ['ada'] },
  },
  info: { input: { email: 'info@club.example', name: 'Club Info', sender: false } },
  press: {
    input: {
      email: 'press@club.example',
      name: 'Press Office',
      restricted: true,
      signature: { text: '{{author.name}}\nPress Office of the Club' },
    },
    grants: { roles: ['press'] },
  },
  events: { input: { email: 'events@club.example', name: 'Club Events' }, login: 'without password' },
  winter: { input: { email: 'winter@club.example', name: 'Winter Ball', enabled: false } },
  ada: {
    input: { email: 'ada@club.example', name: 'Front Desk', restricted: true },
    login: 'with password',
    grants: { people: ['ada'] },
  },
  office: { input: { email: 'office@academy.example', name: 'Academy Office', global: true }, tenant: 'academy' },
};

/** In the media library, for pictures in the text and for attachments. */
export const MEDIA = [
  { name: 'club-logo.png', mime: 'image/png', from: 'docs/logo.png' },
  { name: 'Spielplan Frühjahr.csv', mime: 'text/csv', text: 'Day;Home;Guest\n2027-03-06;The Club;Academy\n' },
];

export const TRY_THIS = [
  'Sign in as Ada and open Communication. Send a message from "Club News": it goes through the club\'s own mail server.',
  'Send one from "Ada Adams" with Reply-To "Club Info". Compare From, Sender, Reply-To and envelope in the caught mail.',
  "As Ada, begin a message, put the club's logo from the media library into the text and the fixtures beside it, look at the preview, and close the tab in the middle of it: Communication offers to continue.",
  'Send a message later, then open it under Sent & scheduled: move it, or cancel it and find it among the drafts again.',
  'Sign in as Ben in another browser window. "Club News" is not offered; "Press Office" is, by his role. Confirm his own address: the code is in the caught mail.',
  'Sign in as Carol: Settings, Mailboxes. Open "Club News", add Ben. Reload Ben\'s page: it is offered. Revoke it again.',
  '"Club Events" is paused: as Carol, test the connection and give it its password, events-secret. Then write to nobody@reader.example, whom the servers refuse.',
];
