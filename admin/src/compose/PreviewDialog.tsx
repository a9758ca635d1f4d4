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
/** What the dialog leaves, so that not both of them scroll. */
const HEIGHT = 'max(32rem, calc(100vh - 46rem))';

export type Shown =
  | { kind: 'loading' }
  | { kind: 'refused'; text: string }
  | { kind: 'shown'; preview: Preview; /** How many the author has to mend. */ wrongRecipients: number };

/** Who it comes from, where answers go, and who gets what cannot be delivered. */
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

const Message = ({
  preview,
  view,
  pictures,
}: {
  preview: Preview;
  view: View;
  pictures: ReadonlyMap<string, string>;
}) => {
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

/** The message as it will arrive. What is shown cannot run, load or leave its frame. */
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
  const warning = useWarningText();
  const [view, setView] = React.useState<View>('desktop');
  /** null: still loading. A frame whose document is replaced while it loads may stay blank. */
  const [pictures, setPictures] = React.useState<ReadonlyMap<string, string> | null>(null);
  React.useEffect(() => {
    let current = true;
    void picturesOf(attachments).then((loaded) => current && setPictures(loaded));
    return () => {
      current = false;
    };
  }, [attachments]);

  return (
    <Modal.Root open onOpenChange={(open) => !open && onClose()}>
      <Modal.Content style={{ width: '96rem', maxWidth: '95vw' }} aria-describedby={undefined}>
        <Modal.Header closeLabel={t('close')}>
          <Modal.Title>{t('preview.title')}</Modal.Title>
        </Modal.Header>
        <Modal.Body>
          {(shown.kind === 'loading' || (shown.kind === 'shown' && pictures === null)) && (
            <Flex justifyContent="center" padding={8}>
              <Loader>{t('preview.loading')}</Loader>
            </Flex>
          )}
          {shown.kind === 'refused' && <Notice kind="danger">{shown.text}</Notice>}
          {shown.kind === 'shown' && pictures !== null && (
            <Flex direction="column" alignItems="stretch" gap={4}>
              {shown.preview.warnings.length + shown.wrongRecipients > 0 && (
                <Notice kind="warning" title={t('preview.warnings')}>
                  <ul>
                    {shown.wrongRecipients > 0 && (
                      <li>{t('preview.wrong-recipients', { count: shown.wrongRecipients })}</li>
                    )}
                    {shown.preview.warnings.map((one) => (
                      <li key={one.code}>{warning(one)}</li>
                    ))}
                  </ul>
                </Notice>
              )}
              <Head preview={shown.preview} />
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
              <Message preview={shown.preview} view={view} pictures={pictures} />
            </Flex>
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
