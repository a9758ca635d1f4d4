import { Box, Button, Field, Flex, IconButton, Typography } from '@strapi/design-system';
import { File as FileIcon, Paperclip, Trash, WarningCircle } from '@strapi/icons';
import * as React from 'react';
import { useText, type TextKey } from '../shared/i18n/use-text';
import { attachedOf, pruned, sizeOf, type Attached, type MediaFile } from './attached';
import type { Draft } from './draft/draft';
import { useDroppedFiles } from './use-dropped-files';
import { useFileSize } from './use-file-size';
import { useMediaFile } from './use-media-library';

interface Props {
  draft: Draft;
  /** Encoded size of a whole message. */
  messageBytes: number;
  /** null: no media library on this site */
  pick: (() => Promise<MediaFile[]>) | null;
  onChange: (attachments: readonly Attached[]) => void;
  /** Adds names and sizes to the same attachments. */
  onDescribe: (attachments: readonly Attached[]) => void;
  error: string | undefined;
}

const isUnknown = ({ url, missing }: Attached): boolean => url === null && !missing;

/** Loads names and sizes of the attachments of a stored draft, which has their ids only. */
const useFileDescriptions = ({ draft: { attachments }, onDescribe }: Pick<Props, 'draft' | 'onDescribe'>): void => {
  const fileOf = useMediaFile();
  const unknown = attachments
    .filter(isUnknown)
    .map(({ file }) => file)
    .join();
  const latest = React.useRef({ attachments, onDescribe });
  latest.current = { attachments, onDescribe };
  React.useEffect(() => {
    if (unknown === '') return undefined;
    let current = true;
    const ids = [...new Set(unknown.split(',').map(Number))];
    void Promise.all(ids.map(async (id) => [id, await fileOf(id).catch(() => undefined)] as const)).then((found) => {
      if (!current) return;
      const known = new Map(found);
      latest.current.onDescribe(
        latest.current.attachments.map((one) => {
          if (!isUnknown(one)) return one;
          const file = known.get(one.file);
          // The request failed: the server checks the file when the message is sent.
          if (file === undefined) return { ...one, url: '' };
          return file === null
            ? { ...one, missing: true }
            : { ...attachedOf(file, one.cid), name: one.name || file.name };
        })
      );
    });
    return () => {
      current = false;
    };
  }, [unknown, fileOf]);
};

const sumKey = (files: number, pictures: number): TextKey => {
  if (pictures === 0) return 'attachments.sum';
  return files === 0 ? 'attachments.sum.pictures' : 'attachments.sum.both';
};

const useFileName = (): ((file: Attached) => string) => {
  const t = useText();
  return ({ name, file }) => name || t('attachments.unnamed', { id: file });
};

const FileRow = ({ file, onRemove }: { file: Attached; onRemove: () => void }) => {
  const t = useText();
  const size = useFileSize();
  const nameOf = useFileName();
  return (
    <Flex
      tag="li"
      gap={2}
      paddingLeft={3}
      paddingRight={1}
      hasRadius
      borderColor={file.missing ? 'danger600' : 'neutral200'}
      background="neutral100"
    >
      {file.missing ? <WarningCircle fill="danger600" aria-hidden /> : <FileIcon aria-hidden />}
      <Box flex="1" minWidth={0}>
        <Typography ellipsis display="block" title={file.name}>
          {nameOf(file)}
        </Typography>
      </Box>
      <Typography variant="pi" textColor={file.missing ? 'danger600' : 'neutral600'}>
        {file.missing ? t('attachments.gone') : file.bytes === null ? '' : size(file.bytes)}
      </Typography>
      <IconButton
        variant="ghost"
        withTooltip={false}
        label={t('attachments.remove', { name: file.name || String(file.file) })}
        onClick={onRemove}
      >
        <Trash />
      </IconButton>
    </Flex>
  );
};

/** Returns the size of the attachments and the limit, in words. */
const useSumText = (): ((draft: Draft, messageBytes: number) => string) => {
  const t = useText();
  const size = useFileSize();
  return (draft, messageBytes) => {
    const sent = pruned(draft);
    const { bytes, limit } = sizeOf(draft, messageBytes);
    if (sent.length === 0) return t('attachments.limit', { limit: size(limit) });
    const files = draft.attachments.filter(({ cid }) => cid === null).length;
    const pictures = sent.length - files;
    return t(sumKey(files, pictures), { count: files, pictures, size: size(bytes), limit: size(limit) });
  };
};

/** Returns why the attachments cannot be sent, in words; undefined: they can. */
const useProblem = ({ draft, messageBytes, error }: Pick<Props, 'draft' | 'messageBytes' | 'error'>) => {
  const t = useText();
  const size = useFileSize();
  const nameOf = useFileName();
  const missing = pruned(draft).filter((file) => file.missing);
  const { over, limit } = sizeOf(draft, messageBytes);
  const pictures = [...new Set(missing.filter(({ cid }) => cid !== null).map(nameOf))];
  const ofFiles = over
    ? t('attachments.over', { limit: size(limit) })
    : missing.some(({ cid }) => cid === null) && t('attachments.missing');
  const problem = [
    error ?? ofFiles,
    pictures.length > 0 && t('attachments.missing-pictures', { count: pictures.length, list: pictures.join(', ') }),
  ].filter(Boolean);
  return problem.join(' ') || undefined;
};

/** Attachments from the media library, with their size and the limit. */
export const Attachments = ({ draft, messageBytes, pick, onChange, onDescribe, error }: Props) => {
  const t = useText();
  const sumText = useSumText();
  const problem = useProblem({ draft, messageBytes, error });
  const button = React.useRef<HTMLButtonElement>(null);
  useFileDescriptions({ draft, onDescribe });
  useDroppedFiles();
  const { attachments } = draft;
  const files = attachments.filter(({ cid }) => cid === null);

  const add = async () => {
    const picked = (await pick?.()) ?? [];
    const fresh = picked.filter(({ id }) => !files.some(({ file }) => file === id));
    if (fresh.length > 0) onChange([...attachments, ...fresh.map((file) => attachedOf(file))]);
  };
  const remove = (removed: Attached) => {
    onChange(attachments.filter((one) => one !== removed));
    button.current?.focus();
  };
  return (
    <Field.Root name="attachments" error={problem}>
      <Field.Label>{t('attachments.title')}</Field.Label>
      {files.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={1} aria-label={t('attachments.title')}>
          {files.map((file, index) => (
            <FileRow key={`${file.file} ${index}`} file={file} onRemove={() => remove(file)} />
          ))}
        </Flex>
      )}
      <Flex gap={3} wrap="wrap">
        <Button
          ref={button}
          name="attachments"
          variant="tertiary"
          startIcon={<Paperclip />}
          disabled={pick === null}
          onClick={() => void add()}
        >
          {t('attachments.add')}
        </Button>
        <Typography
          variant="pi"
          textColor={sizeOf(draft, messageBytes).over ? 'danger600' : 'neutral600'}
          role="status"
        >
          {pick === null ? t('attachments.no-library') : sumText(draft, messageBytes)}
        </Typography>
      </Flex>
      <Field.Error />
    </Field.Root>
  );
};
