import { useNotification } from '@strapi/strapi/admin';
import { useProblemText } from '../compose';

/**
 * Says whether what was asked for was done.
 *
 * @param onRefused what is shown may be old
 * @returns whether it was
 */
export const useActionFeedback = (onRefused: () => void) => {
  const problem = useProblemText();
  const { toggleNotification } = useNotification();
  return (answer: object, done: string): boolean => {
    const refused = 'error' in answer;
    toggleNotification({
      type: refused ? 'warning' : 'success',
      message: refused ? problem(answer.error) : done,
    });
    if (refused) onRefused();
    return !refused;
  };
};
