import { Fragment, Slice, type Mark, type Node, type ResolvedPos } from '@tiptap/pm/model';
import { paragraphsIn, type Piece } from './plain-text';

/** Converts pasted plain text to a slice with the marks of the target position. */
export const sliceOfText = (text: string, $context: ResolvedPos): Slice => {
  const { schema } = $context.doc.type;
  const { paragraph, hardBreak } = schema.nodes;
  const { link } = schema.marks;
  const marks = $context.marks();
  const inlineOf = (piece: Piece): Node | undefined => {
    if (piece === 'break') return hardBreak?.create(null, null, marks);
    const linked: readonly Mark[] =
      piece.href === undefined || !link ? marks : link.create({ href: piece.href }).addToSet(marks);
    return schema.text(piece.text, linked);
  };
  const paragraphs = paragraphsIn(text).map((pieces) =>
    paragraph?.create(
      null,
      pieces.map(inlineOf).filter((node): node is Node => node !== undefined)
    )
  );
  return Slice.maxOpen(Fragment.from(paragraphs.filter((node): node is Node => node !== undefined)));
};
