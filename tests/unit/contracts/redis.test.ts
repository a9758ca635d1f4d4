import { redisSecrets } from '../../../server/src/contracts/redis';

it.each<[string, Parameters<typeof redisSecrets>[0], string[]]>([
  ['no connection', null, []],
  ['a URL without a password', 'redis://redis.example:6380/2', []],
  ['a URL', 'rediss://user:correct%20horse@redis.example', ['correct horse', 'correct%20horse']],
  ['a URL with a query', 'redis://redis.example?password=battery', ['battery']],
  ['options', { password: 'correct horse', sentinelPassword: 'battery' }, ['correct horse', 'battery']],
])('reads the secrets of %s', (_, redis, secrets) => {
  expect(redisSecrets(redis)).toEqual(secrets);
});
