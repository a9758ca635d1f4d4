import { Box, Button, Flex, Loader, Modal, Typography } from '@strapi/design-system';
import * as React from 'react';
import type { Preview } from '../../../server/src/contracts/answers';
import { Notice } from '../shared/ui/Notice';
import { written } from '../shared/i18n/shown-address';
import { useText, type TextKey } from '../shared/i18n/use-text';
import type { Attached } from './attached';
import { documentOf, picturesOf } from './preview';
import { useFileSize } from './use-file-size';
import { useWarningText } from './use-warning-text';

type View = 'desktop' | 'phone' | 'text';
const VIEWS: readonly (readonly [View, TextKey])[] = [
  ['desktop', 'preview.desktop'],
  ['phone', 'preview.phone'],
  ['text', 'preview.text'],
];
const PHONE = '37.5rem';
/** Height left in the dialog, so that dialog and frame do not both scroll. */
const HEIGHT = 'max(32rem, calc(100vh - 46rem))';

export type Shown =
  | { kind: 'loading' }
  | { kind: 'refused'; text: string }
  | {
      kind: 'shown';
      preview: Preview;
      /** Number of recipients with an invalid address or name. */ wrongRecipients: number;
    };

/** From, Reply-To, subject, envelope sender and size. */
const Head = ({ preview }: { preview: Preview }) => {
  const t = useText();
  const size = useFileSize();
  const { from, replyTo, envelope, subject } = preview;
  const through = envelope.through;
  const rows: readonly (readonly [TextKey, string])[] = [
    ['compose.from', written(from)],
    ['compose.reply-to', replyTo ? written(replyTo) : t('compose.reply-none.hint')],
    ['compose.subject', subject || t('submissions.no-subject')],
    [
      'preview.envelope',
      t(through.kind === 'mailbox' ? 'preview.through-mailbox' : 'preview.through-system', {
        address: envelope.from,
        name: through.name ?? through.email,
      }),
    ],
    ['preview.size', t('preview.size-of', { size: size(preview.size), limit: size(preview.limit) })],
  ];
  return (
    <Box tag="dl" style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '0.4rem 1.6rem', margin: 0 }}>
      {rows.map(([label, value]) => (
        <React.Fragment key={label}>
          <Typography tag="dt" variant="pi" textColor="neutral600">
            {t(label)}
          </Typography>
          <Typography tag="dd" variant="pi" textColor="neutral800" style={{ margin: 0, overflowWrap: 'anywhere' }}>
            {value}
          </Typography>
        </React.Fragment>
      ))}
    </Box>
  );
};

interface Part {
  preview: Preview;
  /** Sources of the inline pictures, by Content-ID. */
  pictures: ReadonlyMap<string, string>;
}

const Message = ({ preview, view, pictures }: Part & { view: View }) => {
  const t = useText();
  if (view === 'text' || preview.html === null)
    return (
      <Box padding={4} hasRadius borderColor="neutral200" style={{ overflow: 'auto', maxHeight: HEIGHT }} tabIndex={0}>
        <Typography tag="pre" style={{ whiteSpace: 'pre-wrap', fontFamily: 'monospace', margin: 0 }}>
          {preview.text}
        </Typography>
      </Box>
    );
  return (
    <Flex justifyContent="center" background="neutral100" hasRadius borderColor="neutral200">
      <iframe
        title={t('preview.title')}
        sandbox=""
        srcDoc={documentOf(preview.html, pictures)}
        style={{
          width: view === 'phone' ? PHONE : '100%',
          maxWidth: '100%',
          height: HEIGHT,
          border: 0,
          background: '#fff',
        }}
      />
    </Flex>
  );
};

const Warnings = ({ warnings, wrongRecipients }: { warnings: Preview['warnings']; wrongRecipients: number }) => {
  const t = useText();
  const warningText = useWarningText();
  if (warnings.length + wrongRecipients === 0) return null;
  return (
    <Notice kind="warning" title={t('preview.warnings')}>
      <ul>
        {wrongRecipients > 0 && <li>{t('preview.wrong-recipients', { count: wrongRecipients })}</li>}
        {warnings.map((warning) => (
          <li key={warning.code}>{warningText(warning)}</li>
        ))}
      </ul>
    </Notice>
  );
};

const Content = ({ preview, wrongRecipients, pictures }: Part & { wrongRecipients: number }) => {
  const t = useText();
  const [view, setView] = React.useState<View>('desktop');
  return (
    <Flex direction="column" alignItems="stretch" gap={4}>
      <Warnings warnings={preview.warnings} wrongRecipients={wrongRecipients} />
      <Head preview={preview} />
      <Flex role="group" aria-label={t('preview.view')} gap={2} wrap="wrap">
        {VIEWS.map(([name, label]) => (
          <Button
            key={name}
            size="S"
            variant={view === name ? 'secondary' : 'tertiary'}
            aria-pressed={view === name}
            onClick={() => setView(name)}
          >
            {t(label)}
          </Button>
        ))}
      </Flex>
      <Message preview={preview} view={view} pictures={pictures} />
    </Flex>
  );
};

/** Returns the pictures as data URLs; null while they load. */
const useLoadedPictures = (attachments: readonly Attached[]): ReadonlyMap<string, string> | null => {
  const [pictures, setPictures] = React.useState<ReadonlyMap<string, string> | null>(null);
  React.useEffect(() => {
    let current = true;
    void picturesOf(attachments).then((loaded) => current && setPictures(loaded));
    return () => {
      current = false;
    };
  }, [attachments]);
  return pictures;
};

/** Shows the message as it will arrive, in a sandboxed frame that neither runs scripts nor loads anything. */
export const PreviewDialog = ({
  shown,
  attachments,
  onClose,
}: {
  shown: Shown;
  attachments: readonly Attached[];
  onClose: () => void;
}) => {
  const t = useText();
  const pictures = useLoadedPictures(attachments);
  return (
    <Modal.Root open onOpenChange={(open) => !open && onClose()}>
      <Modal.Content style={{ width: '96rem', maxWidth: '95vw' }} aria-describedby={undefined}>
        <Modal.Header closeLabel={t('close')}>
          <Modal.Title>{t('preview.title')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {/* A frame whose document is replaced while it loads may stay blank, so it waits for the pictures. */}
          {(shown.kind === 'loading' || (shown.kind === 'shown' && pictures === null)) && (
            <Flex justifyContent="center" padding={8}>
              <Loader>{t('preview.loading')}</Loader>
            </Flex>
          )}
          {shown.kind === 'refused' && <Notice kind="danger">{shown.text}</Notice>}
          {shown.kind === 'shown' && pictures !== null && (
            <Content preview={shown.preview} wrongRecipients={shown.wrongRecipients} pictures={pictures} />
          )}
        </Modal.Body>
        <Modal.Footer>
          <Button variant="tertiary" onClick={onClose}>
            {t('preview.back')}
          </Button>
        </Modal.Footer>
      </Modal.Content>
    </Modal.Root>
  );
};
