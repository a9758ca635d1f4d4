/** Hidden from the content manager and the content-type builder; no drafts, so that one document is one row. */
export const hidden = {
  options: { draftAndPublish: false },
  pluginOptions: { 'content-manager': { visible: false }, 'content-type-builder': { visible: false } },
} as const;

type Attributes = Record<string, { type: string } & Record<string, unknown>>;

/**
 * Attributes of which Strapi's own doors show the named ones only. A content type that is hidden is still answered by
 * the content manager's API to a super admin, and to whoever may read a type of the host with a relation to it; with
 * such a relation the content API answers it, too. What is closed here can be neither read, filtered nor sorted by.
 *
 * @param shown what a relation needs to be recognised by
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
