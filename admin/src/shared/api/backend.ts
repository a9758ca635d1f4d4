/** URL of the server without a trailing slash, from a variable of Strapi that its types omit. */
export const backendUrl = (): string => (window as unknown as { strapi: { backendURL: string } }).strapi.backendURL;
