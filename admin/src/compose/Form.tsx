import { styled } from 'styled-components';

/** Scroll margins keep a focused field and its label clear of the panel's sticky header. */
export const Form = styled.form`
  & :is(input, button, [role='combobox'], [contenteditable], [data-field]) {
    scroll-margin: 16rem 0 8rem;
  }
`;
