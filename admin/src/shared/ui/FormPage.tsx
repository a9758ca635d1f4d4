import { Layouts, Page } from '@strapi/strapi/admin';
import * as React from 'react';
import { LeaveGuard } from './LeaveGuard';
import { SettingsBack } from './SettingsBack';

interface Props {
  title: string;
  subtitle?: string;
  /** Path of the page above. */
  back: string;
  actions: React.ReactNode;
  formRef: React.Ref<HTMLFormElement>;
  onSubmit: (event: React.FormEvent) => Promise<unknown>;
  /** Whether the form has unsaved changes. */
  changed: boolean;
  /** Evaluated on leaving, so that the page can navigate right after saving. */
  mayLeave: () => boolean;
  children: React.ReactNode;
}

/** Page of settings that is one form; leaving it with unsaved changes needs a confirmation. */
export const FormPage = (props: Props) => (
  <Page.Main>
    <Page.Title>{props.title}</Page.Title>
    <LeaveGuard changed={props.changed} mayLeave={props.mayLeave} />
    <form ref={props.formRef} noValidate onSubmit={(event) => void props.onSubmit(event)}>
      <Layouts.Header
        title={props.title}
        subtitle={props.subtitle}
        navigationAction={<SettingsBack fallback={props.back} />}
        primaryAction={props.actions}
      />
      <Layouts.Content>{props.children}</Layouts.Content>
    </form>
  </Page.Main>
);
