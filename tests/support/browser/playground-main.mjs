/** The playground in a process of its own: jest cannot import its modules, and Strapi wants to be alone in one. */
import { start } from '../../../playground/start.mjs';

const present = ({ server, login, tls, envelope, parsed, raw }) => ({
  server,
  login,
  tls,
  envelope,
  from: parsed.from?.text ?? '',
  sender: parsed.headers.get('sender')?.text ?? null,
  replyTo: parsed.replyTo?.text ?? null,
  to: parsed.to?.text ?? '',
  subject: parsed.subject ?? '',
  text: parsed.text ?? '',
  raw: raw.toString(),
});

let stop = async () => undefined;
let site;

const answer = (work) =>
  work.then(
    () => process.send({ type: 'done' }),
    (error) => process.send({ type: 'failed', message: error.stack ?? String(error) })
  );

/** Strapi takes every listener off the process when it ends, also ours. */
const listen = () => {
  process.removeAllListeners('message').removeAllListeners('disconnect');
  process.on('message', ({ type }) => {
    if (type === 'stop') stop().finally(() => process.exit(0));
    if (type === 'down') answer(site.down().finally(listen));
    if (type === 'up') answer(site.up());
  });
  // Whoever started it is gone.
  process.on('disconnect', () => stop().finally(() => process.exit(1)));
};
listen();

try {
  site = await start({ fresh: true });
  stop = site.stop;
  site.mail.onChange(() => process.send({ type: 'mail', messages: site.mail.messages.map(present) }));
  process.send({
    type: 'ready',
    adminUrl: site.adminUrl,
    url: site.url,
    people: site.people,
    club: { host: site.servers.club.host, port: site.servers.club.port },
  });
} catch (error) {
  process.send({ type: 'failed', message: error.stack ?? String(error) });
}
