/** A drawn function as a sum of towers. */
import { digits } from "../checks.ts";
import { PRESETS } from "../drawn.ts";
import type { Finding, Idea, Results, Seen } from "../idea.ts";

type Found = NonNullable<Results["towers"]>;

/** The towers of what is drawn now. */
const now = (look: (found: Found, seen: Seen) => Finding) => (seen: Seen) => {
  const { towers } = seen.results;
  const { drawn, towers: count } = seen.state;
  return towers?.of.join() === drawn.join() && towers.count === count ? look(towers, seen) : undefined;
};
const error = ({ towers }: Found): string => `the largest error is ${digits(towers.error)}`;

export const towers: Idea = {
  name: "towers",
  title: "Towers of sigmoids approximate any curve",
  gist: "Draw a function; a network of one hidden layer follows it, the closer the more units it has.",
  formula: String.raw`\sum_i h_i\,\big(\sigma(s(x-l_i)) - \sigma(s(x-r_i))\big)`,
  steps: [
    {
      title: "Two sigmoids make a tower",
      text: [
        "A sigmoid unit rises from 0 to 1 like a soft step. Take one that rises at *l* and subtract one that rises at *r*: what is left is a soft tower between both. The weight *s* inside says how steep its walls are.",
        "Put towers side by side, each about as high as the function is there. Neighbours share a wall, so a few more hidden units than towers do. Some towers stand outside the picture; only their walls reach in.",
      ],
      formula: [
        String.raw`\text{tower}(x) = \sigma\big(s(x-l)\big) - \sigma\big(s(x-r)\big)`,
        String.raw`\sigma(z) = \frac{1}{1+e^{-z}}`,
      ],
      show: { drawn: PRESETS.sine, towers: 2 },
      task: "Two towers are too few for this wave. Raise their number until the sum lies on the drawn line.",
      expect:
        "The thin curves are the single towers, the thick one is their sum. With four towers it is hardly to be told from the line.",
      check: {
        claim: "The sum is nowhere further than 0.01 from the wave.",
        needs: { drawn: PRESETS.sine },
        changes: "towers",
        look: now((found) => ({ met: found.towers.error <= 0.01, said: error(found) })),
      },
      panels: ["towers"],
    },
    {
      title: "Draw your own",
      text: [
        "Nothing is special about the wave. The heights of the towers are computed from whatever you draw; nothing is trained {a construction, not learning}.",
        "This is the heart of a theorem: a network with one hidden layer of sigmoids comes as close as you like to any continuous function on an interval {universal approximation; Cybenko, 1989}.",
      ],
      show: { drawn: PRESETS.bump, towers: 8 },
      task: "Draw a line of your own into the picture, with the pointer or with the handles below it. If the network misses a corner, give it more towers.",
      expect: "The network follows, as you draw.",
      check: {
        claim: "You drew something, and the network is within 0.1 of it.",
        needs: {},
        changes: "drawn",
        look: now((found, { state }) => {
          const own = !Object.values(PRESETS).some((preset) => preset.join() === state.drawn.join());
          return { met: own && found.towers.error <= 0.1, said: own ? error(found) : "this is a ready-made line" };
        }),
      },
      panels: ["towers"],
    },
    {
      title: "More towers, smaller error",
      text: [
        "Each tower covers a narrower stretch when there are more of them, and on a narrower stretch a smooth function changes less. So the error shrinks. The walls get steeper in the same measure: $s = 2 \\cdot (\\text{number of towers})$ here.",
        "The lower chart has the error for each number of towers; both axes are such that each mark is a multiple of the last {logarithmic}.",
      ],
      show: { drawn: PRESETS.parabola, towers: 2 },
      task: "Raise the number of towers until the error is below 0.005.",
      expect:
        "The error falls fast. In the end it is small kinks that remain: the line is kept at 33 places only and is straight between them.",
      check: {
        claim: "The largest error is below 0.005.",
        needs: { drawn: PRESETS.parabola },
        changes: "towers",
        look: now((found) => ({ met: found.towers.error < 0.005, said: error(found) })),
      },
      panels: ["towers"],
    },
    {
      title: "A jump stays hard",
      text: [
        "Here the function jumps, within one thirty-second of the width. Every sum of sigmoids is smooth, and changes quickly only where its walls are steep. Where the jump is, the error stays large until a tower is narrower than the jump.",
        "At a true jump no number of towers helps: just left and just right of it the function has two values, the smooth sum has nearly one, and half of the jump is lost at least.",
      ],
      show: { drawn: PRESETS.step, towers: 8 },
      task: "Double the towers to 16. Then go as far as 64.",
      expect:
        "With 16 towers the error is still half of the jump; for the wave, four towers were thirty times as good. With 64, when they are narrower than the jump, it is small at last.",
      check: {
        claim: "With 16 towers the error is still above 0.3, and it is at the jump.",
        needs: { drawn: PRESETS.step },
        changes: "towers",
        look: now((found) => ({
          met: found.count === 16 && found.towers.error > 0.3 && Math.abs(found.towers.at - 0.5) < 0.06,
          said: `${error(found)}, at x = ${found.towers.at.toFixed(2)}, with ${found.count} towers`,
        })),
      },
      panels: ["towers"],
    },
  ],
  limits:
    "The theorem says that such weights exist. It does not say that training finds them, nor that few units are enough: in many dimensions towers are hopelessly many. Deeper networks often need fewer units.",
};
