import { simpleParser } from 'mailparser';

const WAIT_MS = 10_000;

/** Messages accepted by the mail servers, in memory, the newest last. */
export const createStore = () => {
  const messages = [];
  const listeners = new Set();
  let lastId = 0;
  const changed = () => listeners.forEach((listener) => listener());

  return {
    messages,
    find: (id) => messages.find((message) => message.id === id),
    /** @param received server, login, tls, envelope, raw */
    add: async (received) => {
      const parsed = await simpleParser(received.raw);
      const message = { id: (lastId += 1), receivedAt: new Date(), ...received, parsed };
      messages.push(message);
      changed();
      return message;
    },
    clear: () => {
      messages.length = 0;
      changed();
    },
    remove: (id) => {
      const index = messages.findIndex((message) => message.id === id);
      if (index >= 0) messages.splice(index, 1);
      changed();
    },
    /** @returns a function that unsubscribes */
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** The first message of which `matches` is true, now or within the time. */
    waitFor: (matches = () => true, timeoutMs = WAIT_MS) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = messages.find(matches);
          if (!found) return;
          end();
          resolve(found);
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`No such message came within ${timeoutMs} ms; ${messages.length} are here.`));
        }, timeoutMs);
        const end = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
  };
};
