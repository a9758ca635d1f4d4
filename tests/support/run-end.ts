import { dropDatabasesOfRun } from './database';

export default dropDatabasesOfRun;
