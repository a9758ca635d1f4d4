/** How the mail names the site whose admin panel asks for the code. */
export interface Site {
  name: string | null;
  /** Where the code is entered; null: the configuration has no absolute URL of the panel. */
  page: string | null;
}

const PAGE = '/plugins/mailboxes';

const urlOf = (value: unknown): URL | null => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
};

/**
 * Returns the name and the page by Strapi's `server.url` and `admin.url`, never by the request: its Host header is the
 * sender's to choose.
 *
 * @param serverUrl Strapi's `server.url`
 * @param adminUrl Strapi's `admin.url`, which is absolute if it or `server.url` is configured so
 * @param systemName the name of the system mailbox, for a site without `server.url`
 */
export const siteOf = ({
  serverUrl,
  adminUrl,
  systemName,
}: {
  serverUrl: unknown;
  adminUrl: unknown;
  systemName: string | null;
}): Site => {
  const admin = urlOf(adminUrl);
  return {
    name: urlOf(serverUrl)?.host ?? systemName ?? admin?.host ?? null,
    page: admin && `${admin.origin}${admin.pathname.replace(/\/$/, '')}${PAGE}`,
  };
};

interface Texts {
  subject: (site: string | null) => string;
  purpose: (site: string | null) => string;
  todo: string;
  validity: string;
}

/** The page is named as `communication.title` of the panel's translations names it. */
const ENGLISH: Texts = {
  subject: (site) => `Confirm your address${site === null ? '' : ` for ${site}`}`,
  purpose: (site) =>
    `A user of the admin panel${site === null ? '' : ` of ${site}`} wants to send mail from this address.`,
  todo: 'If that is you, enter this code on the page Communication:',
  validity: 'The code is valid for 24 hours. If you did not ask for it, ignore this mail.',
};

const GERMAN: Texts = {
  subject: (site) => `Bestätigen Sie Ihre Adresse${site === null ? '' : ` für ${site}`}`,
  purpose: (site) =>
    `Ein Benutzer der Verwaltung${site === null ? '' : ` von ${site}`} möchte von dieser Adresse E-Mails senden.`,
  todo: 'Wenn Sie das sind, geben Sie diesen Code auf der Seite „Kommunikation“ ein:',
  validity: 'Der Code gilt 24 Stunden. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail.',
};

/**
 * Returns subject and text of the mail with the code. It holds nothing that the user chose, such as a name: until the
 * code is entered, the address may be a stranger's.
 *
 * @param language `preferedLanguage` of the admin user
 */
export const confirmationMail = ({
  language,
  site,
  code,
}: {
  language: string | null;
  site: Site;
  code: string;
}): { subject: string; text: string } => {
  const texts = language === 'de' ? GERMAN : ENGLISH;
  const lines = [texts.purpose(site.name), texts.todo, '', code, ''];
  // The link has no code: mail scanners open links.
  if (site.page !== null) lines.push(site.page, '');
  return { subject: texts.subject(site.name), text: [...lines, texts.validity].join('\r\n') };
};
