/* map_labels: which names find room on the map. Names are placed in the order of their importance, each at the first
 * of its sides where it covers no other name and stays inside the frame; what finds none is left out and is still
 * told by a touch and by the table. Pixels. */

export type Side = "bottom" | "top" | "right" | "left" | "inside";

export interface LabelWish {
  text: string;
  x: number;
  y: number;
  radius: number; /* of the dot that it names */
  size: number; /* of the letters */
  sides: readonly Side[]; /* in the order of liking */
}

interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const GAP = 2;

/* Chinese characters are square, others a little over half as wide. */
export function textWidth(text: string, size: number): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) >= 0x2e80 ? size : size * 0.6), 0);
}

function rectangle(wish: LabelWish, side: Side): Rectangle {
  const width = textWidth(wish.text, wish.size);
  const height = wish.size * 1.25;
  const away = wish.radius + GAP;
  const left = side === "right" ? wish.x + away : side === "left" ? wish.x - away - width : wish.x - width / 2;
  const top = side === "bottom" ? wish.y + away : side === "top" ? wish.y - away - height : wish.y - height / 2;
  return { left, top, right: left + width, bottom: top + height };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/* For each wish its side, or null when there is no room. */
export function labelsPlace(wishes: readonly LabelWish[], width: number, height: number): (Side | null)[] {
  const taken: Rectangle[] = [];
  return wishes.map((wish) => {
    for (const side of wish.sides) {
      const box = rectangle(wish, side);
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (inside && !taken.some((other) => overlap(box, other))) {
        taken.push(box);
        return side;
      }
    }
    return null;
  });
}
