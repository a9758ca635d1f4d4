export interface RichTextProps {
  label: string;
  error?: string;
  hint?: string;
  /** HTML of the draft, with `cid:` sources for its pictures. */
  html: string;
  /** Called after a pause in typing, every 250 ms of a burst, and on blur, unmount and `pagehide`. */
  onChange: (html: string) => void;
  /** undefined: loading; null: none */
  signature: { html: string } | null | undefined;
  /** Id of the signature's identity: a change replaces the signature. */
  signatureOf: string | null;
  /** URLs of pictures by Content-ID. */
  images: ReadonlyMap<string, string>;
  /** Opens the media library; null: no picture was chosen */
  onPickImage: () => Promise<{ cid: string; url: string; alt: string } | null>;
  disabled?: boolean;
}
