import * as React from 'react';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { keyOf } from './chips';
import type { RawRecipient } from './parse';

const TYPING_PAUSE_MS = 250;

export const recipientOf = ({ email, name }: Suggestion): RawRecipient =>
  name === null || name === '' ? email : { email, name };

/**
 * Suggestions for what is typed. Only the answer to the last question counts, whenever it comes; no answer is no
 * suggestion.
 */
export const useSuggestions = (
  suggest: (q: string) => Promise<Suggestion[]>,
  chosen: ReadonlySet<string>
): {
  options: readonly Suggestion[];
  /** Position of the option that Enter takes; -1: none. */
  active: number;
  /** A moment after the last key. */
  askSoon: (q: string) => void;
  ask: (q: string) => void;
  move: (by: 1 | -1) => void;
  close: () => void;
} => {
  const [found, setFound] = React.useState<readonly Suggestion[]>([]);
  const [active, setActive] = React.useState(-1);
  const question = React.useRef(0);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();

  const close = React.useCallback(() => {
    question.current += 1;
    clearTimeout(timer.current);
    setFound([]);
    setActive(-1);
  }, []);
  React.useEffect(() => close, [close]);

  const ask = (q: string) => {
    clearTimeout(timer.current);
    question.current += 1;
    const mine = question.current;
    suggest(q.trim()).then(
      (answer) => {
        if (question.current !== mine) return;
        setFound(answer);
        setActive(-1);
      },
      () => undefined
    );
  };
  const askSoon = (q: string) => {
    if (q.trim() === '') return close();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => ask(q), TYPING_PAUSE_MS);
  };
  const options = found.filter((suggestion) => !chosen.has(keyOf(suggestion.email)));
  const move = (by: 1 | -1) =>
    // The input itself has a place in the round, before the first and after the last option.
    setActive((now) => ((now + 1 + by + options.length + 1) % (options.length + 1)) - 1);
  return { options, active: Math.min(active, options.length - 1), askSoon, ask, move, close };
};
