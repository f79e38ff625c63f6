/** Any truth table, by perceptrons. */
import type { Idea, Seen } from "../idea.ts";

const resultOf = ({ state, results }: Seen) =>
  results.table?.of.join() === state.truth.join() ? results.table.network : undefined;

const one = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

export const boolean: Idea = {
  name: "boolean",
  title: "Perceptrons compute any Boolean function",
  gist: "Switch the results of a truth table, and see the network that computes it.",
  formula: String.raw`y = [\,w\cdot x > \theta\,]`,
  steps: [
    {
      title: "A unit that fires or not",
      text: [
        "A *perceptron* adds up its inputs, each times a weight. If the sum is above a threshold θ, it says 1 {it fires}; else 0. Nothing in between.",
        "Inputs of 0 and 1 make a truth table, and a unit that decides for each row computes a *Boolean function*. AND is 1 only if both inputs are 1.",
      ],
      formula: [
        String.raw`y = \begin{cases} 1 & \text{if } w_1x_1 + w_2x_2 > \theta \\ 0 & \text{otherwise} \end{cases}`,
      ],
      show: { truth: [0, 0, 0, 1] },
      task: "Switch the results in the table until it is OR: 1 wherever at least one input is 1.",
      expect:
        "The weights and the threshold change; there is still one unit. They were found by the perceptron rule, so others would do as well.",
      check: {
        claim: "The table is OR, and one perceptron computes it.",
        needs: {},
        changes: "truth",
        look: (seen) => {
          const network = resultOf(seen);
          const isOr = seen.state.truth.join("") === "0111";
          return (
            network && {
              met: isOr && network.obstacle === undefined,
              said: isOr ? "this is OR" : `the results are ${seen.state.truth.join(" ")}`,
            }
          );
        },
      },
      panels: ["table"],
    },
    {
      title: "When one is not enough",
      text: [
        "XOR is 1 if exactly one input is 1. Add the inputs of its two rows with 1: $(0,1) + (1,0) = (1,1)$. Add those of its two rows with 0: $(0,0) + (1,1) = (1,1)$. They are the same.",
        "A perceptron would need a sum above 2θ for the first two rows together, and a sum of at most 2θ for the other two. But the sums are equal. So no weights and no threshold exist {not linearly separable}.",
      ],
      formula: [String.raw`2\theta < w\cdot(1,1) \le 2\theta \quad\text{is impossible}`],
      show: { truth: [0, 1, 1, 0] },
      task: "Try other tables of two inputs. Of all sixteen, one perceptron computes fourteen. Find the second that it does not.",
      expect: "Besides XOR it is its opposite: 1 where both inputs are equal.",
      check: {
        claim: "The table is the opposite of XOR, and one perceptron is not enough.",
        needs: {},
        changes: "truth",
        look: (seen) => {
          const network = resultOf(seen);
          const text = seen.state.truth.join("");
          return (
            network && {
              met: text === "1001" && network.obstacle !== undefined,
              said: network.obstacle === undefined ? "here one is enough" : `here one is not enough: ${text}`,
            }
          );
        },
      },
      panels: ["table"],
    },
    {
      title: "A hidden unit for each row",
      text: [
        "With a hidden layer every table can be had. For each row with 1, make a unit that fires for this row only: weight +1 where the row has a 1, −1 where it has a 0, and a threshold just below the number of ones. Any other row falls short by at least 1.",
        "The output unit is an OR: it fires if any hidden unit does. If the ones are in the majority, the hidden units stand for the rows with 0, and the output fires if none of them does.",
      ],
      formula: [String.raw`\theta_{\text{row}} = (\text{ones in the row}) - \tfrac12`],
      show: { truth: [0, 1, 1, 0, 1, 0, 0, 1] },
      task: "This is the sum of three bits, odd or even {parity}. Go through the rows: which hidden unit fires for which? Then switch results as you like.",
      expect: "In each row with 1, exactly one hidden unit fires, and the last column repeats the table.",
      check: {
        claim: "With three inputs, and a table of your own, the network says row by row what the table says.",
        needs: {},
        changes: "truth",
        look: (seen) => {
          const network = resultOf(seen);
          if (network === undefined) return undefined;
          const [rows, hidden] = [seen.state.truth.length, network.layers.length > 1];
          if (!hidden) return { met: false, said: "here one perceptron is enough, and no hidden unit is needed" };
          const right = network.values.filter((layers, row) => layers.at(-1)?.[0] === seen.state.truth[row]).length;
          return {
            met: rows === 8 && right === rows,
            said: `${right} of ${rows} rows agree, with ${one(network.layers[0]?.length ?? 0, "hidden unit")}`,
          };
        },
      },
      panels: ["table"],
    },
    {
      title: "Rare exceptions, and the rest",
      text: [
        "Of the 256 functions of three inputs, one perceptron computes 104. *Majority*, 1 if at least two inputs are 1, is one of them: count the inputs, and compare.",
        "The share falls fast. Of the 65,536 functions of four inputs it is 1,882.",
      ],
      show: { truth: [0, 1, 1, 0, 1, 0, 0, 1] },
      task: "Switch the results until one perceptron is enough, and not all results are the same.",
      expect: "The hidden layer disappears as soon as one unit can do it.",
      check: {
        claim: "A function of three inputs that one perceptron computes, and that is not constant.",
        needs: {},
        changes: "truth",
        look: (seen) => {
          const network = resultOf(seen);
          const { truth: table } = seen.state;
          const constant = new Set(table).size === 1;
          return (
            network && {
              met: table.length === 8 && !constant && network.obstacle === undefined,
              said: constant
                ? "all results are the same"
                : network.obstacle === undefined
                  ? "one is enough"
                  : "one is not enough",
            }
          );
        },
      },
      panels: ["table"],
    },
  ],
  limits:
    "The network made here is seldom the smallest: with n inputs it has up to $2^{n-1}$ hidden units. And it is built, not learned; a step has slope 0 everywhere, so there is no gradient to follow.",
};
