type Attributes = Record<string, { type: string } & Record<string, unknown>>;

interface Definition {
  table: string;
  info: { singularName: string; pluralName: string; displayName: string };
  attributes: Attributes;
  /** Attributes that identify an entry in a relation. */
  shown: readonly string[];
  indexes: readonly { name: string; columns: readonly string[]; type: 'unique' }[];
}

/** Defines a content type hidden from Strapi's own pages. Without drafts, so that one document is one row. */
export const contentType = ({ table, info, attributes, shown, indexes }: Definition) => ({
  schema: {
    kind: 'collectionType',
    collectionName: table,
    info,
    options: { draftAndPublish: false },
    pluginOptions: { 'content-manager': { visible: false }, 'content-type-builder': { visible: false } },
    ...closed(attributes, shown),
    indexes,
  },
});

/**
 * Makes every attribute private except the named ones. The content manager's API returns a hidden content type to a super
 * admin, and to users that may read another type with a relation to it; with such a relation, so does the content API.
 * Private attributes can be neither read, filtered nor sorted by.
 */
function closed(attributes: Attributes, shown: readonly string[]) {
  const others = Object.keys(attributes).filter((name) => !shown.includes(name));
  return {
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, attribute]) => [
        name,
        shown.includes(name) ? attribute : { ...attribute, private: true },
      ])
    ),
    config: { attributes: Object.fromEntries(others.map((name) => [name, { hidden: true }])) },
  };
}
