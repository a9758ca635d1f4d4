import { openJobQueue } from '../../../server/src/outbox/engines/jobs';

// As in an application that has not installed the optional packages.
jest.mock('bullmq', () => {
  throw Object.assign(new Error("Cannot find module 'bullmq'"), { code: 'MODULE_NOT_FOUND' });
});

it('refuses the engine bullmq without its packages, with the command that installs them', async () => {
  const nothing = (): void => undefined;
  const opened = openJobQueue({ redis: {}, prefix: 'test', onUp: nothing, onDown: nothing, onError: nothing });
  await expect(opened).rejects.toThrow(
    `[mailboxes] config "delivery.engine": 'bullmq' needs the packages bullmq and ioredis in the application: npm install bullmq ioredis`
  );
});
