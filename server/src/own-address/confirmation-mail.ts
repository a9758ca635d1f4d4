/** The site, as the mail names it. */
export interface Site {
  name: string | null;
  /** URL of the page with the input for the code; null without an absolute URL of the panel. */
  page: string | null;
}

const PAGE = '/plugins/mailboxes';

const urlOf = (value: unknown): URL | null => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  return url && /^https?:$/.test(url.protocol) ? url : null;
};

/**
 * Derives name and page from Strapi's `server.url` and `admin.url`, never from the request, whose Host header the client
 * chooses.
 *
 * @param serverUrl Strapi's `server.url`
 * @param adminUrl Strapi's `admin.url`, which is absolute if it or `server.url` is configured as absolute
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
  instruction: string;
  validity: string;
}

/** The page has the name of the translation key `communication.title`. */
const ENGLISH: Texts = {
  subject: (site) => `Confirm your address${site === null ? '' : ` for ${site}`}`,
  purpose: (site) =>
    // plain-words: a user wants
    `A user of the admin panel${site === null ? '' : ` of ${site}`} wants to send mail from this address.`,
  instruction: 'If that is you, enter this code on the page Communication:',
  // plain-words: the reader did not ask
  validity: 'The code is valid for 24 hours. If you did not ask for it, ignore this mail.',
};

const GERMAN: Texts = {
  subject: (site) => `Bestätigen Sie Ihre Adresse${site === null ? '' : ` für ${site}`}`,
  purpose: (site) =>
    `Ein Benutzer der Verwaltung${site === null ? '' : ` von ${site}`} möchte von dieser Adresse E-Mails senden.`,
  instruction: 'Wenn Sie das sind, geben Sie diesen Code auf der Seite „Kommunikation“ ein:',
  validity: 'Der Code gilt 24 Stunden. Wenn Sie ihn nicht angefordert haben, ignorieren Sie diese E-Mail.',
};

/**
 * Returns subject and text of the mail with the code. It contains no text of the user, such as a name: until the code is
 * entered, the address may belong to a stranger.
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
  const lines = [texts.purpose(site.name), texts.instruction, '', code, ''];
  // The link has no code: mail scanners open links.
  if (site.page !== null) lines.push(site.page, '');
  return { subject: texts.subject(site.name), text: [...lines, texts.validity].join('\r\n') };
};
