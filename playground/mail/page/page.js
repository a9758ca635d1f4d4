const byId = (id) => document.getElementById(id);
const list = byId('list');
const article = byId('message');

/** Texts of a mail are only ever set as text, never as HTML. */
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
};

const time = (value, options = { timeStyle: 'medium' }) =>
  element(
    'time',
    { datetime: value, title: new Date(value).toString() },
    new Intl.DateTimeFormat(undefined, options).format(new Date(value))
  );

const fields = (rows) =>
  element(
    'dl',
    {},
    ...rows
      .filter(([, value]) => value !== null && value !== '')
      .map(([label, value]) => element('div', {}, element('dt', {}, label), element('dd', {}, value)))
  );

const envelope = ({ from, to }) => `${from || '<>'} → ${to.join(', ')}`;
const signedIn = ({ login, tls }) =>
  `${login === null ? 'no sign-in' : `signed in as ${login}`}, ${tls ? 'encrypted' : 'not encrypted'}`;
const badge = ({ server, login }) => element('span', { class: login === null ? 'badge' : 'badge own' }, server);
const subjectOf = ({ subject }) => subject || '(no subject)';
const chosenId = () => Number(location.hash.slice(1)) || null;

let messages = null;
let shown = null;

const entry = (message) =>
  element(
    'li',
    {},
    element(
      'a',
      { href: `#${message.id}`, 'aria-current': message.id === chosenId() ? 'true' : null },
      element('span', { class: 'top' }, element('strong', {}, subjectOf(message)), time(message.receivedAt)),
      fields([
        ['From', message.from],
        ['Sender', message.sender],
        ['Reply-To', message.replyTo],
        ['Envelope', envelope(message.envelope)],
      ]),
      badge(message)
    )
  );

const body = (message) => {
  const text = element('pre', { class: 'text' }, message.text ?? '');
  if (!message.html) return text;
  // An empty `sandbox` forbids scripts, forms, links and everything that is ours.
  const html = element('iframe', {
    sandbox: '',
    referrerpolicy: 'no-referrer',
    src: `/api/messages/${message.id}/html`,
    title: 'The message as HTML',
  });
  return element(
    'div',
    {},
    html,
    message.text === null ? null : element('details', {}, element('summary', {}, 'As plain text'), text)
  );
};

const attachments = ({ id, attachments: files }) =>
  files.length === 0
    ? null
    : element(
        'section',
        {},
        element('h3', {}, 'Attachments'),
        element(
          'ul',
          {},
          ...files.map(({ name, type, size }, index) =>
            element(
              'li',
              {},
              element('a', { href: `/api/messages/${id}/attachments/${index}`, download: name }, name),
              ` ${type}, ${size} bytes`
            )
          )
        )
      );

const show = () => {
  const message = messages.find(({ id }) => id === chosenId()) ?? null;
  if (message?.id === shown) return;
  shown = message?.id;
  document.title = message ? `${subjectOf(message)} – Caught mail` : 'Caught mail';
  if (!message) {
    article.replaceChildren(element('p', { class: 'hint' }, 'Pick a message to read it.'));
    return;
  }
  article.replaceChildren(
    element('h2', {}, subjectOf(message)),
    fields([
      ['From', message.from],
      ['Sender', message.sender],
      ['Reply-To', message.replyTo],
      ['To', message.to],
      ['Cc', message.cc],
      ['Date', message.date === null ? null : time(message.date, { dateStyle: 'full', timeStyle: 'medium' })],
      ['Message-ID', message.messageId],
      ['Envelope', envelope(message.envelope)],
      ['Server', element('span', {}, badge(message), ` ${signedIn(message)}`)],
    ]),
    body(message),
    ...[attachments(message)].filter(Boolean),
    element('p', {}, element('a', { href: `/api/messages/${message.id}/source`, target: '_blank' }, 'As it came'))
  );
};

const draw = () => {
  const focused = document.activeElement?.getAttribute('href');
  list.replaceChildren(...messages.map(entry));
  byId('empty').hidden = messages.length > 0;
  byId('clear').disabled = messages.length === 0;
  // The list was rebuilt: restores keyboard focus.
  if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
  show();
};

const load = async () => {
  const before = messages;
  messages = await (await fetch('/api/messages')).json();
  const added = before === null ? 0 : messages.filter(({ id }) => !before.some((known) => known.id === id)).length;
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  byId('status').textContent = added > 0 ? `${count}, ${added} new` : count;
  draw();
};

const showServers = async () => {
  const servers = await (await fetch('/api/servers')).json();
  byId('servers').textContent = `From ${servers
    .map(({ name, port }) => `${name} (port ${port})`)
    .join(' and ')}. Nothing leaves this machine.`;
};

addEventListener('hashchange', () => {
  if (location.hash === '#message') return article.focus();
  draw();
  article.scrollTop = 0;
  return undefined;
});
byId('clear').addEventListener('click', () => fetch('/api/messages', { method: 'DELETE' }));
// EventSource reconnects automatically; `open` loads the messages missed meanwhile.
const events = new EventSource('/api/events');
events.addEventListener('open', load);
events.addEventListener('message', load);
events.addEventListener('error', () => {
  byId('status').textContent = 'The playground does not answer.';
});
await Promise.all([load(), showServers()]);
