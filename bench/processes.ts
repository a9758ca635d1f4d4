import { collect, type Aim, type Figure, type Settings } from './figures';
import type { Place } from './place';
import { CONNECTIONS, counted, deliveryRate, rateOf, type Rate, type Site } from './sites';
import { rotated } from './statistics';

/** Round-trip times, and the aim for two processes against one on PostgreSQL. */
export const PROCESS_RTTS = [20, 100] as const;
const AIMS: Record<(typeof PROCESS_RTTS)[number], Aim> = { 20: { atLeast: 1.35 }, 100: { atLeast: 1.7 } };

type Way = 'raw' | 'one' | 'two';
const WAYS = ['raw', 'one', 'two'] as const;
const TITLES: Record<Way, string> = {
  raw: 'nodemailer alone, pooled, one process',
  one: 'accept and delivery, one process',
  two: 'accept and delivery, two processes',
};

/** One process on a database of its own, and two on another: idle processes would take work of the measured one. */
const startSites = async (place: Place): Promise<Record<'one' | 'two', Site[]>> => {
  const alone = await place.startSite({ database: await place.createDatabase() });
  const shared = { database: await place.createDatabase(), connections: 2 * CONNECTIONS };
  const first = await place.startSite(shared);
  const second = await place.startSite({ ...shared, mailboxes: await first.call('mailboxes') });
  return { one: [alone], two: [first, second] };
};

/** Each process accepts its share; both deliver. */
const bothRate = (sites: readonly Site[], rttMs: number, mails: number): Promise<Rate> =>
  deliveryRate(sites, mails, (site, index) => {
    const share = Math.floor(mails / sites.length);
    return site.call('accept', rttMs, 'text', index === 0 ? mails - share * (sites.length - 1) : share);
  });

export const processes = async (place: Place, { rounds, mails, log }: Settings): Promise<Figure[]> => {
  const { one, two } = await startSites(place);
  const [alone] = one as [Site];
  const result: Figure[] = [];
  for (const rttMs of PROCESS_RTTS) {
    const scenario = `processes, text, RTT ${rttMs} ms`;
    const figures = collect(scenario);
    const measure: Record<Way, () => Promise<Rate>> = {
      raw: () => rateOf(alone, mails, () => alone.call('raw', rttMs, 'text', mails)),
      one: () => bothRate(one, rttMs, mails),
      two: () => bothRate(two, rttMs, mails),
    };
    for (const way of WAYS) await counted(place.server, mails, measure[way]);
    for (let round = 0; round < rounds; round += 1) {
      const rates = {} as Record<Way, Rate>;
      for (const way of rotated(WAYS, round)) rates[way] = await counted(place.server, mails, measure[way]);
      for (const way of WAYS) figures.add(`${TITLES[way]}, mails a second`, rates[way].perSecond);
      for (const way of WAYS) figures.add(`${TITLES[way]}, CPU ms a mail`, rates[way].cpuMs);
      figures.add('one process : nodemailer alone', rates.one.perSecond / rates.raw.perSecond);
      figures.add(
        'two processes : one',
        rates.two.perSecond / rates.one.perSecond,
        place.variant === 'postgres' ? AIMS[rttMs] : undefined
      );
      const shown = WAYS.map((way) => `${way} ${rates[way].perSecond.toFixed(0)}`);
      log(`${place.variant}, ${scenario}, ${round + 1}/${rounds}: ${shown.join(', ')} a second`);
    }
    result.push(...figures.figures());
  }
  return result;
};
