import { collect, type Aim, type Figure, type Settings } from './figures';
import type { Kind } from './mails';
import type { Place, Variant } from './place';
import { counted, deliveryRate, rateOf, type Rate, type Site } from './sites';
import { rotated } from './statistics';

export interface ThroughputSites {
  /** Accepts and delivers; the mail library and Strapi's provider run in its process too. */
  site: Site;
  /** Accepts only, on a database of its own. */
  accepting: Site;
  /** As `accepting`, of another revision. */
  former: Site | null;
}

/** Delivered : raw, without a round-trip time. */
const NEAR: Record<Variant, Aim> = {
  sqlite: { atLeast: 0.55 },
  'sqlite-wal': { atLeast: 0.75 },
  postgres: { atLeast: 0.5 },
  mariadb: { atLeast: 0.5 },
};
const FAR: Aim = { atLeast: 0.7 };
const TO_PROVIDER: Aim = { atLeast: 4 };
const ACCEPT_TO_FORMER: Aim = { atLeast: 2 };
const HTML_CPU_TO_FORMER: Aim = { atMost: 0.5 };

/** An HTML mail takes several times as long. */
const HTML_SHARE = 0.5;
/** The provider connects for each mail, which takes a dozen round trips. */
const PROVIDER_MAILS_FAR = 100;

type Way = 'raw' | 'provider' | 'accept' | 'former' | 'delivery' | 'both';
type Rates = Partial<Record<Way, Rate>>;

interface Case {
  kind: Kind;
  rttMs: number;
  ways: readonly Way[];
}

const casesOf = (former: boolean): Case[] => {
  const near: Way[] = ['raw', 'both', 'provider', 'accept', ...(former ? (['former'] as const) : []), 'delivery'];
  return [
    { kind: 'text', rttMs: 0, ways: near },
    { kind: 'html', rttMs: 0, ways: near },
    { kind: 'text', rttMs: 20, ways: ['raw', 'both', 'provider', 'delivery'] },
    { kind: 'html', rttMs: 20, ways: ['raw', 'both'] },
  ];
};

const measurer =
  ({ server }: Place, { site, accepting, former }: ThroughputSites, mails: number) =>
  ({ kind, rttMs }: Case): Record<Way, () => Promise<Rate>> => {
    const few = rttMs === 0 ? mails : Math.min(mails, PROVIDER_MAILS_FAR);
    const acceptRate = (one: Site): Promise<Rate> => rateOf(one, mails, () => one.call('accept', rttMs, kind, mails));
    return {
      raw: () => counted(server, mails, () => rateOf(site, mails, () => site.call('raw', rttMs, kind, mails))),
      provider: () => counted(server, few, () => rateOf(site, few, () => site.call('provider', rttMs, kind, few))),
      accept: () => acceptRate(accepting),
      former: () => acceptRate(former ?? accepting),
      delivery: async () => {
        await site.call('fill', rttMs, kind, mails - 1);
        return counted(server, mails, () => deliveryRate([site], mails, () => site.call('release', rttMs, kind)));
      },
      both: () =>
        counted(server, mails, () => deliveryRate([site], mails, () => site.call('accept', rttMs, kind, mails))),
    };
  };

const TITLES: Record<Way, string> = {
  raw: 'nodemailer alone, pooled',
  provider: "Strapi's nodemailer provider",
  accept: 'accept alone',
  former: 'accept alone, former revision',
  delivery: 'delivery alone',
  both: 'accept and delivery',
};

/** Adds the figures of a round, and the ratios within it. */
const addRound = (figures: ReturnType<typeof collect>, rates: Rates, { kind, rttMs }: Case, variant: Variant): void => {
  const { raw, provider, accept, former, delivery, both } = rates;
  for (const [way, rate] of Object.entries(rates) as [Way, Rate][])
    figures.add(`${TITLES[way]}, mails a second`, rate.perSecond);
  for (const [way, rate] of Object.entries(rates) as [Way, Rate][])
    figures.add(`${TITLES[way]}, CPU ms a mail`, rate.cpuMs);
  if (raw && both)
    figures.add(
      'accept and delivery : nodemailer alone',
      both.perSecond / raw.perSecond,
      kind === 'html' ? undefined : rttMs === 0 ? NEAR[variant] : FAR
    );
  if (raw && delivery) figures.add('delivery alone : nodemailer alone', delivery.perSecond / raw.perSecond);
  if (provider && both)
    figures.add(
      "accept and delivery : Strapi's provider",
      both.perSecond / provider.perSecond,
      kind === 'text' && rttMs === 0 ? TO_PROVIDER : undefined
    );
  if (!accept || !former) return;
  figures.add(
    'accept alone : former revision',
    accept.perSecond / former.perSecond,
    kind === 'text' ? ACCEPT_TO_FORMER : undefined
  );
  figures.add(
    'CPU of accept : former revision',
    accept.cpuMs / former.cpuMs,
    kind === 'html' ? HTML_CPU_TO_FORMER : undefined
  );
};

/** Counts apart from the measured rounds, since counting takes time. */
const addStatements = async (
  figures: ReturnType<typeof collect>,
  both: () => Promise<unknown>,
  { site }: ThroughputSites,
  mails: number
): Promise<string[]> => {
  await site.call('startCount');
  await both();
  const count = await site.call('endCount');
  figures.add('statements a mail', (count?.statements ?? NaN) / mails);
  figures.add('commits a mail', (count?.commits ?? NaN) / mails);
  return [...(count?.byText ?? [])]
    .sort(([, a], [, b]) => b - a)
    .map(([text, times]) => `${(times / mails).toFixed(2).padStart(7)}  ${text.slice(0, 160)}`);
};

/** Measures each way in every round, one after the other. @returns the statements of a text mail by frequency, too */
export const throughput = async (
  place: Place,
  sites: ThroughputSites,
  { rounds, mails: textMails, log }: Settings
): Promise<{ figures: Figure[]; statements: string[] }> => {
  const result: Figure[] = [];
  let statements: string[] = [];
  for (const one of casesOf(sites.former !== null)) {
    const scenario = `${one.kind}, RTT ${one.rttMs} ms`;
    const figures = collect(scenario);
    const mails = one.kind === 'html' ? Math.ceil(textMails * HTML_SHARE) : textMails;
    const measure = measurer(place, sites, mails)(one);
    // Warm-up: compiles, connects and plans. The lane of a new mailbox begins with `both`.
    for (const way of ['both' as const, ...one.ways.filter((way) => way !== 'both')]) await measure[way]();
    for (let round = 0; round < rounds; round += 1) {
      const rates: Rates = {};
      for (const way of rotated(one.ways, round)) rates[way] = await measure[way]();
      const ordered = Object.fromEntries(one.ways.map((way) => [way, rates[way]]));
      addRound(figures, ordered, one, place.variant);
      const shown = one.ways.map((way) => `${way} ${rates[way]?.perSecond.toFixed(0)}`);
      log(`${place.variant}, ${scenario}, ${round + 1}/${rounds}: ${shown.join(', ')} a second`);
    }
    const lines = await addStatements(figures, measure.both, sites, mails);
    if (one.kind === 'text' && one.rttMs === 0) statements = lines;
    result.push(...figures.figures());
  }
  return { figures: result, statements };
};
