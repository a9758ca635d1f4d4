import { styled } from 'styled-components';

/** Fields that the focus goes to are scrolled to stand below the panel's header, which stays, with their labels. */
export const Form = styled.form`
  & :is(input, button, [role='combobox'], [contenteditable], [data-field]) {
    scroll-margin: 16rem 0 8rem;
  }
`;
