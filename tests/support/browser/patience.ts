/** A playground boots and is filled before the first test; on a busy machine with two cores that takes its time. */
jest.setTimeout(180_000);
