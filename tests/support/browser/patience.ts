/** A bound for a restart of the site, or a load of the panel, on a busy machine with two cores. */
jest.setTimeout(180_000);
