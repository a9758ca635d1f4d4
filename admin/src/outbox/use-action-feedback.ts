import { useNotification } from '@strapi/strapi/admin';
import { useRefusalWithNext } from '../compose';

/**
 * Notifies the user of the result of an action.
 *
 * @param onRefused called after a refusal: the data shown may be outdated
 * @returns a function that returns whether the action succeeded
 */
export const useActionFeedback = (onRefused: () => void) => {
  const problem = useRefusalWithNext();
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
