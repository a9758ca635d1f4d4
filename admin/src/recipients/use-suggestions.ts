import * as React from 'react';
import type { Suggestion } from '../../../server/src/contracts/answers';
import { keyOf } from './chips';
import type { RawRecipient } from './parse';

const TYPING_PAUSE_MS = 250;

export const recipientOf = ({ email, name }: Suggestion): RawRecipient =>
  name === null || name === '' ? email : { email, name };

/** Loads suggestions for typed text. Answers to earlier requests and errors are ignored. */
export const useSuggestions = (
  suggest: (q: string) => Promise<Suggestion[]>,
  chosen: ReadonlySet<string>
): {
  options: readonly Suggestion[];
  /** Position of the option that Enter selects; -1: none */
  active: number;
  /** Debounced. */
  loadSoon: (q: string) => void;
  load: (q: string) => void;
  move: (by: 1 | -1) => void;
  close: () => void;
} => {
  const [found, setFound] = React.useState<readonly Suggestion[]>([]);
  const [active, setActive] = React.useState(-1);
  const request = React.useRef(0);
  const timer = React.useRef<ReturnType<typeof setTimeout>>();

  const close = React.useCallback(() => {
    request.current += 1;
    clearTimeout(timer.current);
    setFound([]);
    setActive(-1);
  }, []);
  React.useEffect(() => close, [close]);

  const load = (q: string) => {
    clearTimeout(timer.current);
    request.current += 1;
    const own = request.current;
    suggest(q.trim()).then(
      (answer) => {
        if (request.current !== own) return;
        setFound(answer);
        setActive(-1);
      },
      () => undefined
    );
  };
  const loadSoon = (q: string) => {
    if (q.trim() === '') return close();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => load(q), TYPING_PAUSE_MS);
  };
  const options = found.filter((suggestion) => !chosen.has(keyOf(suggestion.email)));
  const move = (by: 1 | -1) =>
    // The input is part of the cycle, between the last and the first option.
    setActive((now) => ((now + 1 + by + options.length + 1) % (options.length + 1)) - 1);
  return { options, active: Math.min(active, options.length - 1), loadSoon, load, move, close };
};
