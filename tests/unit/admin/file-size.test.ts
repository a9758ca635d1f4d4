import { fileSizeOf } from '../../../admin/src/compose/use-file-size';

const written = (bytes: number, language: string): string => {
  const { value, format } = fileSizeOf(bytes);
  return new Intl.NumberFormat(language, format).format(value).replaceAll('\u00a0', ' ');
};

it.each([
  [0, '0 bytes', '0 Byte'],
  [1, '1 byte', '1 Byte'],
  [726, '726 bytes', '726 Byte'],
  [2_000, '2 kB', '2 kB'],
  [26_200_000, '26.2 MB', '26,2 MB'],
])('formats a size of %i bytes as %j', (bytes, english, german) =>
  expect([written(bytes, 'en'), written(bytes, 'de')]).toEqual([english, german])
);
