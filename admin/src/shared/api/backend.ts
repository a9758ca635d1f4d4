/** Where the server is, without a slash at the end: Strapi's own variable, which its types do not know. */
export const backendUrl = (): string => (window as unknown as { strapi: { backendURL: string } }).strapi.backendURL;
