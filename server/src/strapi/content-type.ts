/** Hidden from the content manager and the content-type builder; no drafts, so that one document is one row. */
export const hidden = {
  options: { draftAndPublish: false },
  pluginOptions: { 'content-manager': { visible: false }, 'content-type-builder': { visible: false } },
} as const;
