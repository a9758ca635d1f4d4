import { randomBytes } from 'node:crypto';

/** Names the run, so that its end finds the databases that its workers made. */
export default (): void => {
  process.env.TEST_RUN = randomBytes(4).toString('hex');
};
