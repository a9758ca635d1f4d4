const { factories } = require('@strapi/strapi');

const UID = 'plugin::articles.article';

/** A content type of the host's own, open to its content API, with relations to ours and to admin users. */
const relation = (target, kind = 'manyToOne') => ({ type: 'relation', relation: kind, target });

const route = (method, path, action) => ({ method, path, handler: `article.${action}`, config: {} });

module.exports = {
  contentTypes: {
    article: {
      schema: {
        kind: 'collectionType',
        collectionName: 'articles',
        info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
        options: { draftAndPublish: false },
        attributes: {
          title: { type: 'string' },
          mailbox: relation('plugin::mailboxes.mailbox'),
          grants: relation('plugin::mailboxes.grant', 'manyToMany'),
          tenant: relation('plugin::mailboxes.tenant'),
          author: relation('admin::user'),
          owner: relation('plugin::users-permissions.user'),
        },
      },
    },
  },
  controllers: { article: factories.createCoreController(UID) },
  services: { article: factories.createCoreService(UID) },
  routes: {
    'content-api': {
      type: 'content-api',
      prefix: '',
      routes: [
        route('GET', '/articles', 'find'),
        route('GET', '/articles/:id', 'findOne'),
        route('POST', '/articles', 'create'),
        route('PUT', '/articles/:id', 'update'),
        route('DELETE', '/articles/:id', 'delete'),
      ],
    },
  },
};
