import { Box, Button, Field, Flex, Loader } from '@strapi/design-system';
import * as React from 'react';
import { Notice } from '../shared/ui/Notice';
import { useText } from '../shared/i18n/use-text';
import { textLinesOf } from '../shared/ui/html-text';
import type { RichTextProps } from './props';

const HEIGHT = '20rem';

/** The text without the editor, read-only. */
const ReadOnlyText = ({ label, html, children }: { label: string; html: string; children: React.ReactNode }) => {
  const text = React.useMemo(() => textLinesOf(html), [html]);
  return (
    <Field.Root>
      <Field.Label>{label}</Field.Label>
      {children}
      <Box
        background="neutral100"
        color="neutral800"
        fontSize={2}
        hasRadius
        padding={4}
        minHeight={HEIGHT}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '60vh', overflowY: 'auto' }}
      >
        {text}
      </Box>
    </Field.Root>
  );
};

interface BoundaryProps {
  fallback: React.ReactNode;
  children: React.ReactNode;
}

/** Shows a fallback when the editor's chunk fails to load. */
class Boundary extends React.Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.fallback : this.props.children;
  }
}

const load = () => import('./RichText');

/** Loads the editor in a chunk of its own. */
export const LazyEditor = (props: RichTextProps) => {
  const t = useText();
  const [attempt, setAttempt] = React.useState(0);
  // React.lazy caches a failure: each attempt needs a new one.
  const Editor = React.useMemo(() => React.lazy(load), [attempt]);
  return (
    <Boundary
      key={attempt}
      fallback={
        <ReadOnlyText label={props.label} html={props.html}>
          <Notice
            kind="danger"
            title={t('editor.not-loaded')}
            action={
              <Button variant="secondary" onClick={() => setAttempt(attempt + 1)}>
                {t('try-again')}
              </Button>
            }
          >
            {t('editor.not-loaded.text')}
          </Notice>
        </ReadOnlyText>
      }
    >
      <React.Suspense
        fallback={
          <ReadOnlyText label={props.label} html={props.html}>
            <Flex justifyContent="center" padding={2}>
              <Loader small>{t('editor.loading')}</Loader>
            </Flex>
          </ReadOnlyText>
        }
      >
        <Editor {...props} />
      </React.Suspense>
    </Boundary>
  );
};
