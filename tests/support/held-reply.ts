import { createGate, type ScriptedServer } from './smtp/scripted-server';

/** Submits while the server holds its reply at this stage. @returns the submission, and the gate that releases the reply */
export const holdReply = async <T>(
  server: ScriptedServer,
  stage: 'data' | 'body-start' | 'dot',
  submit: () => Promise<T>
): Promise<{ held: T; gate: ReturnType<typeof createGate> }> => {
  const gate = createGate();
  const before = server.log.filter((entry) => entry.stage === stage).length;
  server.play({ replies: { [stage]: [gate] } });
  const held = await submit();
  await server.waitFor(stage, before + 1, { timeoutMs: 20_000 });
  return { held, gate };
};
