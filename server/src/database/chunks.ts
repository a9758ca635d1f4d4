/** Size of one chunk of a message or draft, far below every server's packet limit. */
export const CHUNK_BYTES = 512 * 1024;

export const inChunks = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, position) =>
    bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES)
  );
