import { getFetchClient, isFetchError } from '@strapi/strapi/admin';
import type { Draft } from '../../../../server/src/contracts/answers';
import type { Answer, Drafts } from './autosave';
import type { RefusalBody } from '../../shared/refusals/refusal';

const PATH = '/mailboxes/drafts';
const at = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

const refusalIn = (error: unknown): RefusalBody => {
  if (!isFetchError(error)) return {};
  const answered = (error.response?.data as { error?: RefusalBody } | undefined)?.error;
  return answered ?? { status: error.status };
};

const answered = async (request: Promise<{ data: { data: Draft } }>): Promise<Answer> => {
  try {
    return { data: (await request).data.data };
  } catch (error) {
    return { error: refusalIn(error) };
  }
};

/** Bypasses Strapi's query client, which redirects to the login page when the session expires: the author stays in the form. */
export const draftsClient: Drafts = {
  create: (content) => answered(getFetchClient().post(PATH, content)),
  update: (id, content) => answered(getFetchClient().put(at(id), content)),
  get: (id) => answered(getFetchClient().get(at(id))),
};
