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
  /** null: this site has no media library. */
  pick: (() => Promise<MediaFile[]>) | null;
  onChange: (attachments: readonly Attached[]) => void;
  /** More is known of the same files. */
  onDescribe: (attachments: readonly Attached[]) => void;
  error: string | undefined;
}

const isUnknown = ({ url, missing }: Attached): boolean => url === null && !missing;

/** A stored draft has the ids of its files: their names, sizes and whether they are there still is asked for. */
const useDescription = ({ draft: { attachments }, onDescribe }: Pick<Props, 'draft' | 'onDescribe'>): void => {
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
          // No answer says nothing about the file: the server judges it when the message is sent.
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

/** Files of the media library beside the text, how much they take, and how much may be taken. */
export const Attachments = ({ draft, messageBytes, pick, onChange, onDescribe, error }: Props) => {
  const t = useText();
  const size = useFileSize();
  const button = React.useRef<HTMLButtonElement>(null);
  useDescription({ draft, onDescribe });
  useDroppedFiles();
  const { attachments } = draft;
  const files = attachments.filter(({ cid }) => cid === null);
  const going = pruned(draft);
  const shownPictures = going.length - files.length;
  const sum = sizeOf(draft, messageBytes);
  const nameOf = ({ name, file }: Attached): string => name || t('attachments.unnamed', { id: file });
  const missing = files.some((file) => file.missing);
  const pictures = [...new Set(going.filter((file) => file.cid !== null && file.missing).map(nameOf))];

  const add = async () => {
    const picked = (await pick?.()) ?? [];
    const fresh = picked.filter(({ id }) => !files.some(({ file }) => file === id));
    if (fresh.length > 0) onChange([...attachments, ...fresh.map((file) => attachedOf(file))]);
  };
  const remove = (gone: Attached) => {
    onChange(attachments.filter((one) => one !== gone));
    button.current?.focus();
  };

  const problem = [
    error ?? (sum.over ? t('attachments.over', { limit: size(sum.limit) }) : missing && t('attachments.missing')),
    pictures.length > 0 && t('attachments.missing-pictures', { count: pictures.length, list: pictures.join(', ') }),
  ].filter(Boolean);
  return (
    <Field.Root name="attachments" error={problem.join(' ') || undefined}>
      <Field.Label>{t('attachments.title')}</Field.Label>
      {files.length > 0 && (
        <Flex tag="ul" direction="column" alignItems="stretch" gap={1} aria-label={t('attachments.title')}>
          {files.map((file, index) => (
            <Flex
              key={`${file.file} ${index}`}
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
                onClick={() => remove(file)}
              >
                <Trash />
              </IconButton>
            </Flex>
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
        <Typography variant="pi" textColor={sum.over ? 'danger600' : 'neutral600'} role="status">
          {pick === null
            ? t('attachments.no-library')
            : going.length === 0
              ? t('attachments.limit', { limit: size(sum.limit) })
              : t(sumKey(files.length, shownPictures), {
                  count: files.length,
                  pictures: shownPictures,
                  size: size(sum.bytes),
                  limit: size(sum.limit),
                })}
        </Typography>
      </Flex>
      <Field.Error />
    </Field.Root>
  );
};
