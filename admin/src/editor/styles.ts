import { inputFocusStyle } from '@strapi/design-system';
import { styled } from 'styled-components';

export const Frame = styled.div<{ $hasError: boolean; $disabled: boolean }>`
  border: 1px solid ${({ theme, $hasError }) => ($hasError ? theme.colors.danger600 : theme.colors.neutral200)};
  border-radius: ${({ theme }) => theme.borderRadius};
  background: ${({ theme, $disabled }) => ($disabled ? theme.colors.neutral150 : theme.colors.neutral0)};
  ${inputFocusStyle()}
`;

export const Bar = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.4rem 0.8rem;
  padding: 0.4rem;
  border-bottom: 1px solid ${({ theme }) => theme.colors.neutral200};
`;

export const Group = styled.div`
  display: flex;
  gap: 0.2rem;
`;

export const ToolButton = styled.button<{ $flip: boolean }>`
  display: inline-flex;
  align-items: center;
  justify-content: center;
  width: 3.2rem;
  height: 3.2rem;
  border: 0;
  border-radius: ${({ theme }) => theme.borderRadius};
  background: transparent;
  color: ${({ theme }) => theme.colors.neutral800};
  cursor: pointer;

  svg {
    width: 1.6rem;
    height: 1.6rem;
    fill: currentcolor;
    ${({ $flip }) => $flip && 'transform: scaleX(-1);'}
  }

  svg path {
    fill: currentcolor;
  }

  &:hover {
    background: ${({ theme }) => theme.colors.neutral100};
  }

  &[aria-pressed='true'] {
    background: ${({ theme }) => theme.colors.primary100};
    color: ${({ theme }) => theme.colors.primary700};
  }

  &[aria-disabled='true'] {
    background: transparent;
    color: ${({ theme }) => theme.colors.neutral400};
    cursor: default;
  }

  &:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: -2px;
  }
`;

export const Block = styled.select`
  height: 3.2rem;
  padding-inline: 0.8rem;
  border: 1px solid ${({ theme }) => theme.colors.neutral200};
  border-radius: ${({ theme }) => theme.borderRadius};
  background: ${({ theme }) => theme.colors.neutral0};
  color: ${({ theme }) => theme.colors.neutral800};
  font: inherit;
  font-size: ${({ theme }) => theme.fontSizes[1]};

  &:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: -1px;
  }
`;

export const Panel = styled.div`
  padding: 0.8rem;
  border-bottom: 1px solid ${({ theme }) => theme.colors.neutral200};
  background: ${({ theme }) => theme.colors.neutral100};
`;

/** Similar to the default styles of mail programs. */
export const Text = styled.div<{ $signature: string }>`
  color: ${({ theme }) => theme.colors.neutral800};
  font-size: ${({ theme }) => theme.fontSizes[2]};
  line-height: 1.5;

  .ProseMirror {
    min-height: 16rem;
    max-height: 60vh;
    overflow-y: auto;
    padding: 1.2rem 1.6rem;
    outline: none;
    overflow-wrap: anywhere;
  }

  .ProseMirror > * + *,
  [data-signature] > * + *,
  blockquote > * + * {
    margin-top: 0.8rem;
  }

  strong {
    font-weight: bold;
  }

  em {
    font-style: italic;
  }

  h2 {
    font-size: 1.4em;
    font-weight: bold;
    line-height: 1.25;
  }

  h3 {
    font-size: 1.15em;
    font-weight: bold;
  }

  ul,
  ol {
    padding-inline-start: 2.4rem;
  }

  ul {
    list-style: disc;
  }

  ol {
    list-style: decimal;
  }

  a {
    color: ${({ theme }) => theme.colors.primary700};
    text-decoration: underline;
    cursor: text;
  }

  hr {
    border: 0;
    border-top: 1px solid ${({ theme }) => theme.colors.neutral300};
  }

  blockquote {
    padding-inline-start: 1.2rem;
    border-inline-start: 3px solid ${({ theme }) => theme.colors.neutral300};
    color: ${({ theme }) => theme.colors.neutral700};
  }

  /* Inline, as in the message; the panel's reset makes pictures blocks. */
  .picture {
    display: inline-block;
    max-width: 100%;
    vertical-align: bottom;
  }

  .picture img {
    display: inline-block;
    max-width: 100%;
    height: auto;
    vertical-align: bottom;
  }

  .picture.missing {
    padding: 0.4rem 0.8rem;
    border: 1px dashed ${({ theme }) => theme.colors.neutral500};
    border-radius: ${({ theme }) => theme.borderRadius};
    color: ${({ theme }) => theme.colors.neutral700};
  }

  .ProseMirror-selectednode {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
  }

  [data-signature] {
    position: relative;
    padding-block-start: 2rem;
    border-block-start: 1px dashed ${({ theme }) => theme.colors.neutral300};
    color: ${({ theme }) => theme.colors.neutral700};
  }

  [data-signature]::before {
    content: ${({ $signature }) => JSON.stringify($signature)};
    position: absolute;
    inset-block-start: 0.2rem;
    color: ${({ theme }) => theme.colors.neutral600};
    font-size: ${({ theme }) => theme.fontSizes[0]};
  }
`;
