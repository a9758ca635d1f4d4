export interface RichTextProps {
  label: string;
  error?: string;
  hint?: string;
  /** What the draft holds, with `cid:` sources for its pictures. */
  html: string;
  /** When typing pauses, every 250 ms of a burst, and at once when the editor or the page is left. */
  onChange: (html: string) => void;
  /** undefined: it is not known yet; null: there is none. */
  signature: { html: string } | null | undefined;
  /** Identity id that the signature belongs to: when it changes, the signature is replaced. */
  signatureOf: string | null;
  /** By Content-ID: where to show a picture from. */
  images: ReadonlyMap<string, string>;
  /** Lets somebody choose from the media library; null: nothing was chosen. */
  onPickImage: () => Promise<{ cid: string; url: string; alt: string } | null>;
  disabled?: boolean;
}
