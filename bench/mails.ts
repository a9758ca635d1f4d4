export type Kind = 'text' | 'html';

export interface Mail {
  subject: string;
  text: string;
  html?: string;
}

const SUBJECT = 'The club meets on Thursday';
const PARAGRAPHS = 8;
const TEXT = 'the club meets on Thursday at eight. Bring a friend.\n\nThe club\n'.repeat(PARAGRAPHS);

/** A newsletter of an editor: a style sheet, a table, pictures, links and lists; 6 kB. */
const HEAD = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>${SUBJECT}</title><style>
body { font-family: Georgia, serif; font-size: 16px; color: #222; background: #f6f6f6; }
h1, h2 { color: #145; font-weight: normal; margin: 24px 0 8px; }
.button { background: #145; color: #fff; padding: 10px 16px; border-radius: 4px; text-decoration: none; }
.card td { padding: 8px 12px; border-bottom: 1px solid #ddd; vertical-align: top; }
.card td.when { white-space: nowrap; color: #666; }
ul li { margin-bottom: 4px; } p.small { font-size: 12px; color: #777; }
@media (max-width: 600px) { .card td { display: block; } }
</style></head>`;

const SECTION = (section: number): string => `<h2>Evening ${section}</h2>
<p>The <b>club</b> meets on <i>Thursday</i> at eight. Bring a friend, and read
<a href="https://club.example/evenings/${section}?from=mail">the programme</a> before; seats are few.</p>
<p><img src="https://club.example/pictures/${section}.jpg" alt="Hall ${section}" width="560" height="240"></p>
<table class="card"><tr><td class="when">19:30</td><td>Doors open</td></tr>
<tr><td class="when">20:00</td><td>Talk, and questions afterwards</td></tr>
<tr><td class="when">22:00</td><td>Music &amp; wine</td></tr></table>
<ul><li>Free for members</li><li>Guests pay 5 &euro;</li><li>Children are welcome</li></ul>
<p><a class="button" href="https://club.example/join/${section}">Reserve a seat</a></p>`;

const BODY = Array.from({ length: PARAGRAPHS }, (_, section) => SECTION(section)).join('\n');

/** @param number makes every text its own, so that no cache of texts is measured */
export const mailOf = (kind: Kind, number: number): Mail => {
  const text = `Dear reader ${number},\n\n${TEXT}`;
  if (kind === 'text') return { subject: SUBJECT, text };
  const html = `${HEAD}<body><h1>News</h1><p>Dear reader ${number},</p>${BODY}<p class="small">The club</p></body></html>`;
  return { subject: SUBJECT, text, html };
};
