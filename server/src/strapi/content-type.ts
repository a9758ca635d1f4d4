/** Hidden from the content manager and the content-type builder; no drafts, so that one document is one row. */
export const hidden = {
  options: { draftAndPublish: false },
  pluginOptions: { 'content-manager': { visible: false }, 'content-type-builder': { visible: false } },
} as const;

type Attributes = Record<string, { type: string } & Record<string, unknown>>;

/**
 * Makes every attribute private except the named ones. The content manager's API returns a hidden content type to a super
 * admin, and to users that may read another type with a relation to it; with such a relation, so does the content API.
 * Private attributes can be neither read, filtered nor sorted by.
 *
 * @param shown attributes that identify an entry in a relation
 */
export const closed = (attributes: Attributes, shown: readonly string[]) => {
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
};
