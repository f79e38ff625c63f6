/** Small grey pictures as text, side by side. */

/** One picture: brightness 0 (paper) … 1 (ink), row-major. */
export interface Picture {
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
  /** Lines beneath it. */
  readonly caption: readonly string[];
}

/** From paper to ink. */
const SHADES = [" ", "░", "▒", "▓", "█"];

const GAP = "   ";

/** Draws pictures in rows that are at most `columns` characters wide. Borders that are empty in all of them are cut off. */
export function renderPictures(pictures: readonly Picture[], columns: number): string {
  const box = boundingBox(pictures);
  const blocks = pictures.map((picture) => [...draw(picture, box), ...picture.caption]);
  const width = Math.max(0, ...blocks.flat().map((line) => line.length));
  const perRow = Math.max(1, Math.floor((columns + GAP.length) / (width + GAP.length)));
  const rows: string[] = [];
  for (let first = 0; first < blocks.length; first += perRow) {
    rows.push(beside(blocks.slice(first, first + perRow), width));
  }
  return rows.join("\n\n");
}

/** First and last line, first and last column, of the part that is not empty. */
interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function boundingBox(pictures: readonly Picture[]): Box {
  let [top, bottom, left, right] = [Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 0];
  for (const picture of pictures) {
    for (let i = 0; i < picture.height * picture.width; i++) {
      if (shadeOf(picture.pixels[i] as number) === SHADES[0]) continue;
      const [y, x] = [Math.floor(i / picture.width), i % picture.width];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
    }
  }
  return { top, bottom, left, right };
}

/** A character is about twice as high as wide, so it stands for two pixels, one above the other. */
function draw({ pixels, height, width }: Picture, { top, bottom, left, right }: Box): string[] {
  const at = (y: number, x: number): number => (y < height && x < width ? (pixels[y * width + x] as number) : 0);
  const lines: string[] = [];
  for (let y = top; y <= bottom; y += 2) {
    let line = "";
    for (let x = left; x <= right; x++) line += shadeOf((at(y, x) + at(y + 1, x)) / 2);
    lines.push(line);
  }
  return lines;
}

const shadeOf = (brightness: number): string =>
  SHADES[Math.max(0, Math.min(SHADES.length - 1, Math.round(brightness * (SHADES.length - 1))))] as string;

function beside(blocks: readonly (readonly string[])[], width: number): string {
  const height = Math.max(...blocks.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) =>
    blocks
      .map((lines) => (lines[i] ?? "").padEnd(width))
      .join(GAP)
      .trimEnd(),
  ).join("\n");
}
