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
 * Keeps Strapi's content manager from our content types.
 *
 * Since 5.50 a super admin may read hidden types over its API. Nothing of ours needs that right, so it is taken off
 * the action before Strapi hands it to the role. What is left is a relation that a type of the host has to one of
 * ours: where its choices are listed, Strapi 5.54 does not keep to what the asker may read, and rows of admin users
 * stand behind ours. There, only what is not private is selected and sorted by, and nothing is populated.
 */
export const closeContentManager = (strapi: Core.Strapi, uids: readonly string[]): void => {
  const { actionProvider } = strapi.service('admin::permission') as unknown as { actionProvider: ActionProvider };
  const read = actionProvider.get('plugin::content-manager.explorer.read');
  if (read?.subjects) read.subjects = read.subjects.filter((uid) => !uids.includes(uid));

  const asked = (): boolean => {
    const state = strapi.requestContext.get()?.state as { route?: { info?: { pluginName?: string } } } | undefined;
    return state?.route?.info?.pluginName === 'content-manager';
  };
  const narrow = ({ model, params }: { model: { attributes: object }; params: FindParams }): void => {
    if (!asked()) return;
    const attributes = Object.entries(model.attributes as Record<string, { type: string; private?: boolean }>);
    const shown = attributes.filter(([, { type, private: closed }]) => type !== 'relation' && !closed);
    const allowed = [...ALWAYS, ...shown.map(([name]) => name)];
    // Nothing selected means everything.
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
