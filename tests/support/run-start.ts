import { dropDatabasesOfDeadRuns, nameOfRun } from './database';

/** Names the run, so that its end finds the databases that its workers made. */
export default async (): Promise<void> => {
  process.env.TEST_RUN = nameOfRun();
  await dropDatabasesOfDeadRuns();
};
