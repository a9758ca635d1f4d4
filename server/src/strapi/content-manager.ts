import type { Core } from '@strapi/types';

interface Action {
  subjects?: string[];
}

interface ActionProvider {
  get(id: string): Action | undefined;
}

type OrderBy = string | Record<string, unknown>;

interface FindParams {
  select?: string | string[];
  orderBy?: OrderBy | OrderBy[];
  populate?: unknown;
}

const ALWAYS = ['id', 'documentId', 'createdAt', 'updatedAt', 'publishedAt'];

const keysOf = (orderBy: FindParams['orderBy']): string[] =>
  [orderBy ?? []].flat().flatMap((part) => (typeof part === 'string' ? [part] : Object.keys(part)));

/**
 * Closes the content types of the plugin to Strapi's content manager.
 *
 * Since 5.50 a super admin may read hidden types over its API: the types are removed from the action's subjects before
 * Strapi grants it to the role. A relation of another type to one of these remains: Strapi 5.54 lists its choices without
 * checking read permissions, and the rows have relations to admin users. There, only public attributes are selected and
 * sorted by, and nothing is populated.
 */
export const closeContentManager = (strapi: Core.Strapi, uids: readonly string[]): void => {
  const { actionProvider } = strapi.service('admin::permission') as unknown as { actionProvider: ActionProvider };
  const read = actionProvider.get('plugin::content-manager.explorer.read');
  if (read?.subjects) read.subjects = read.subjects.filter((uid) => !uids.includes(uid));

  const isContentManager = (): boolean => {
    const state = strapi.requestContext.get()?.state as { route?: { info?: { pluginName?: string } } } | undefined;
    return state?.route?.info?.pluginName === 'content-manager';
  };
  const narrow = ({ model, params }: { model: { attributes: object }; params: FindParams }): void => {
    if (!isContentManager()) return;
    const attributes = Object.entries(model.attributes as Record<string, { type: string; private?: boolean }>);
    const shown = attributes.filter(([, { type, private: closed }]) => type !== 'relation' && !closed);
    const allowed = [...ALWAYS, ...shown.map(([name]) => name)];
    // An empty selection means every attribute.
    params.select = [params.select ?? allowed].flat().filter((field) => allowed.includes(field));
    if (!keysOf(params.orderBy).every((key) => allowed.includes(key))) delete params.orderBy;
    delete params.populate;
  };
  strapi.db.lifecycles.subscribe({
    models: [...uids],
    beforeFindMany: (event) => narrow(event as unknown as Parameters<typeof narrow>[0]),
    beforeFindOne: (event) => narrow(event as unknown as Parameters<typeof narrow>[0]),
  });
};
