import { Box, inputFocusStyle } from '@strapi/design-system';
import { styled } from 'styled-components';

/** Draws chips and input as one field. */
export const Frame = styled.div<{ $hasError: boolean }>`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.4rem;
  padding: 0.5rem 0.8rem;
  cursor: text;
  border: 1px solid ${({ theme, $hasError }) => ($hasError ? theme.colors.danger600 : theme.colors.neutral200)};
  border-radius: ${({ theme }) => theme.borderRadius};
  background: ${({ theme }) => theme.colors.neutral0};
  ${inputFocusStyle()}
`;

export const Chips = styled.ul`
  display: contents;
`;

export const ScrolledChips = styled.ul`
  display: flex;
  flex: 1 0 100%;
  flex-wrap: wrap;
  gap: 0.4rem;
  max-height: 30vh;
  overflow-y: auto;
  padding: 0.2rem;
`;

/** Own colours, because red text on the dark theme's red background lacks contrast. */
export const ChipBody = styled.li<{ $wrong: boolean }>`
  display: inline-flex;
  align-items: center;
  max-width: 100%;
  min-width: 0;
  border-radius: ${({ theme }) => theme.borderRadius};
  border: 1px solid ${({ theme, $wrong }) => ($wrong ? theme.colors.danger600 : theme.colors.primary200)};
  background: ${({ theme, $wrong }) => ($wrong ? theme.colors.danger100 : theme.colors.primary100)};
  color: ${({ theme, $wrong }) => ($wrong ? theme.colors.danger700 : theme.colors.primary700)};

  button {
    display: inline-flex;
    align-items: center;
    min-height: 2.6rem;
    padding: 0 0.6rem;
    border: 0;
    border-radius: ${({ theme }) => theme.borderRadius};
    background: transparent;
    color: inherit;
    font: inherit;
    font-size: ${({ theme }) => theme.fontSizes[1]};
    cursor: pointer;
    touch-action: manipulation;
  }

  button:focus-visible {
    outline: 2px solid ${({ theme }) => theme.colors.primary600};
    outline-offset: 0;
  }

  button:first-child {
    min-width: 0;
    gap: 0.4rem;
  }

  button:first-child > span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  svg {
    flex: none;
    width: 1.2rem;
    height: 1.2rem;
    fill: currentcolor;
  }
`;

export const Typed = styled.input`
  flex: 1 1 12rem;
  min-width: 12rem;
  min-height: 2.8rem;
  padding: 0 0.4rem;
  border: 0;
  outline: none;
  background: transparent;
  color: ${({ theme }) => theme.colors.neutral800};
  font: inherit;
  font-size: ${({ theme }) => theme.fontSizes[2]};
`;

export const Suggestions = styled(Box)`
  position: absolute;
  inset-inline: 0;
  top: calc(100% + 4px);
  z-index: ${({ theme }) => theme.zIndices.popover};
  max-height: 26rem;
  overflow-y: auto;
  padding: 0.4rem;
`;

export const Option = styled.li`
  padding: 0.8rem 1.2rem;
  border-radius: ${({ theme }) => theme.borderRadius};
  overflow-wrap: anywhere;
  cursor: pointer;

  &[aria-selected='true'],
  &:hover {
    background: ${({ theme }) => theme.colors.primary100};
  }
`;
