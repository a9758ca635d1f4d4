import { Box, Flex, Typography } from '@strapi/design-system';
import { EVENT_EXAMPLES, EVENT_NAMES, type EventName } from '../../../../server/src/contracts/events';
import { Section } from '../../shared/ui/fields';
import { useText, type TextKey } from '../../shared/i18n/use-text';

/** Description of each event. */
export const MEANINGS: Record<EventName, TextKey> = {
  'mailboxes.submission.accepted': 'event.submission.accepted',
  'mailboxes.submission.submitted': 'event.submission.submitted',
  'mailboxes.submission.failed': 'event.submission.failed',
  'mailboxes.submission.uncertain': 'event.submission.uncertain',
  'mailboxes.submission.canceled': 'event.submission.canceled',
  'mailboxes.mailbox.paused': 'event.mailbox.paused',
  'mailboxes.mailbox.recovered': 'event.mailbox.recovered',
  'mailboxes.grant.created': 'event.grant.created',
  'mailboxes.grant.deleted': 'event.grant.deleted',
};

const EXAMPLE_AT = '2026-01-15T12:00:00.000Z';

/** Returns the request body: Strapi adds the event's name and the time to the payload. */
const bodyOf = (event: EventName): string =>
  JSON.stringify({ event, createdAt: EXAMPLE_AT, ...EVENT_EXAMPLES[event] }, null, 2);

/** List of events with description and example payload. */
export const EventList = () => {
  const t = useText();
  return (
    <Section title="events.all">
      <Typography textColor="neutral600">{t('events.payload')}</Typography>
      <Flex tag="ul" direction="column" alignItems="stretch" gap={4}>
        {EVENT_NAMES.map((event) => (
          <Box tag="li" key={event} style={{ overflowWrap: 'anywhere' }}>
            <Typography tag="p" fontWeight="semiBold">
              <code>{event}</code>
            </Typography>
            <Typography tag="p" textColor="neutral600">
              {t(MEANINGS[event])}
            </Typography>
            <details>
              <Typography tag="summary" variant="pi" textColor="primary600" style={{ cursor: 'pointer' }}>
                {t('events.example')}
              </Typography>
              <Box
                tag="pre"
                background="neutral100"
                color="neutral800"
                hasRadius
                padding={3}
                marginTop={2}
                style={{ whiteSpace: 'pre-wrap', fontSize: '1.2rem' }}
              >
                {bodyOf(event)}
              </Box>
            </details>
          </Box>
        ))}
      </Flex>
    </Section>
  );
};
