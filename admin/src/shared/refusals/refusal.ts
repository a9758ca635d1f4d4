/** Error of a request, as RTK Query returns it. */
export interface RefusalBody {
  status?: number;
  message?: string;
  details?: { code?: string; path?: string; reason?: string } & Record<string, unknown>;
}

export const refusalOf = (error: unknown): RefusalBody =>
  typeof error === 'object' && error !== null ? (error as RefusalBody) : {};
