import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { change, fromLink, INITIAL, Refusal, toLink } from "../../src/state/index.ts";
import { arbitraryState } from "../support/states.ts";

/** Why a link is refused. */
function refusal(link: string): string {
  try {
    fromLink(link);
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    return (error as Refusal).message;
  }
  return "it was accepted";
}

describe("a link", () => {
  it("may end with what parts settings", () => {
    expect(fromLink("#v=1&data=xor&")).toEqual(fromLink("#v=1&data=xor"));
  });

  it("says only what differs from the usual", () => {
    expect(toLink(INITIAL)).toBe("v=1");
    expect(toLink(change(INITIAL, { data: "xor", layers: [4, 2], own: [[1, -0.5, 1]] }))).toBe(
      "v=1&data=xor&own=1,-0.5,1&layers=4-2",
    );
  });

  it("gives back any state", () => {
    fc.assert(
      fc.property(arbitraryState, (state) => {
        expect(fromLink(`#${toLink(state)}`)).toEqual(state);
      }),
    );
  });

  it("needs no escapes, and survives those of others", () => {
    fc.assert(
      fc.property(arbitraryState, (state) => {
        const link = toLink(state);
        expect(link).toMatch(/^[\w.,:;=&+-]*$/);
        expect(new URL(`https://example.org/#${link}`).hash).toBe(`#${link}`);
        const escaped = link.replace(/[^=&]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
        expect(fromLink(escaped)).toEqual(state);
      }),
    );
  });

  it("is the usual state if empty", () => {
    expect(fromLink("")).toBe(INITIAL);
    expect(fromLink("#")).toBe(INITIAL);
  });

  it.each([
    ["v=1&data=<script>alert(1)</script>", "data: “<script>alert(1)</script>” is none of circles, xor"],
    ["hello", "“hello” is not name=value"],
    ["data=xor", "it is not a link of the studio: v=1 is missing"],
    ["v=2", "its version is “2”, and this studio reads version 1"],
    ["v=1&v=1", "“v” is there twice"],
    ["v=1&__proto__=1", "there is no setting “__proto__”"],
    ["v=1&constructor=1", "there is no setting “constructor”"],
    ["v=1&rate=1e999", "rate: “1e999” is not between"],
    ["v=1&rate=0x10", "rate: “0x10” is not a number such as 0.1"],
    ["v=1&rate=", "rate: “” is not a number such as 0.1"],
    ["v=1&rate=NaN", "rate: “NaN” is not a number"],
    ["v=1&rate=-1", "rate: “-1” is not between 0.000001 and 10"],
    ["v=1&points=100000000", "points: “100000000” is not between 20 and 500"],
    ["v=1&points=20.5", "points: “20.5” is not a whole number"],
    ["v=1&layers=9", "layers: “9” is not between 1 and 8"],
    ["v=1&layers=1-1-1-1-1-1-1", "layers: there are more than 6"],
    ["v=1&features=", "features: at least 1 of x, y"],
    ["v=1&own=1,2", "own: a point is three numbers, x,y,target"],
    ["v=1&own=4,2,1", "own: “4” is not between -3 and 3"],
    ["v=1&own=1,2,5", "own: “5” is not between -1 and 4"],
    ["v=1&own=1,2,2", "own: the points of circles have classes from 0 to 1"],
    ["v=1&data=plane&own=1,2,2", "own: the points of plane have values from -1 to 1"],
    [`v=1&own=${"0,0,0;".repeat(201)}`, "own: there are more than 200"],
    ["v=1&weights=AAAAAA", "weights: there are 1, and this network has 37"],
    ["v=1&weights=AAAAA", "weights: the weights are cut off"],
    ["v=1&weights=AAAA", "weights: the weights are cut off"],
    ["v=1&weights=AADAfw", "weights: a weight is not a finite number"],
    ["v=1&weights=A B", "weights: the weights are not in base64url"],
    ["v=1&idea=grass", "idea: “grass” is none of none, xor, boolean"],
    ["v=1&truth=012", "truth: “012” is not 4 or 8 digits, each 0 or 1"],
    ["v=1&drawn=0.5,0.5", "drawn: there are 2 in place of 33"],
    ["v=1&data=%zz", "“%zz” has broken % escapes"],
    ["v=1&data=a%0Ab%E2%80%AE", "data: “a�b�” is none of"],
    [`v=1&x=${"9".repeat(30_000)}`, "it has 30006 characters, and no link of the studio has more than 24000"],
    ["v=1&features=x,c1", "features: the data have no further column c1"],
    ["v=1&data=table&table=a,1;b,2", "table: it has 2 columns; it needs two for the picture and one to predict"],
    ["v=1&data=table&table=a,1;b,2,3;c,1", "table: column “b” has 2 values, and “a” has 1"],
    ["v=1&data=table&table=a,1;b,x;c,1", "table: column “b”: “x” is not a number"],
    ["v=1&data=table&table=a,1;.3c.script.3e.,1e101;c,1", "table: column “<script>”: “1e101” is not between"],
    ["v=1&data=table&table=a,1;b,2;kind,yes;0", "table: “kind” has 1 classes, and there are 2 to 5"],
    ["v=1&data=table&table=a,1,2;b,2,3;kind,yes,no;02", "table: “kind” has no class 2"],
    ["v=1&data=table&table=a,1,2;b,2,3;kind,yes,no;09", "table: “9” is not between 0 and 4"],
    [
      `v=1&data=table&table=${"1,".repeat(8000)}`,
      "table: it has 16000 characters, and a table in a link has at most 14000",
    ],
  ])("%s is refused", (link, reason) => {
    expect(refusal(link)).toContain(reason);
  });

  it("has names that every file can hold", () => {
    const { table } = fromLink("v=1&data=table&table=a.d800.,1,2;.fffe.b.ffff.,2,3;.d83d..de00.,1,2");
    // A half of a pair, what is no character, and a pair.
    expect(table?.columns.map(({ name }) => name)).toEqual(["a�", "�b�", "😀"]);
  });

  it("never does anything but answer or refuse", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `v=1&${text}`),
          hostile,
        ),
        (text) => {
          try {
            expect(Object.keys(fromLink(text)).sort()).toEqual(Object.keys(INITIAL).sort());
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
            expect((error as Refusal).message).not.toMatch(/[\n\r]/);
          }
        },
      ),
    );
  });
});

/** A real link with a piece replaced. */
const hostile = fc.tuple(arbitraryState, fc.nat(), fc.string()).map(([state, at, text]) => {
  const link = toLink(state);
  return link.slice(0, at % link.length) + text + link.slice((at % link.length) + text.length);
});

describe("lanes of a race", () => {
  it("are read and written by the fields of the settings", () => {
    const link = "v=1&lanes=optimizer:sgd,rate:0.1;;optimizer:adam,batch:1";
    const state = fromLink(link);
    expect(state.lanes).toEqual([{ optimizer: "sgd", rate: 0.1 }, {}, { optimizer: "adam", batch: 1 }]);
    expect(toLink(state)).toBe(link);
    // The names come in one order.
    expect(toLink(fromLink("v=1&lanes=rate:0.1,optimizer:sgd;"))).toBe("v=1&lanes=optimizer:sgd,rate:0.1;");
  });

  it.each([
    ["optimizer:sgd", "lanes: a race needs 2 to 4 lanes, with ; between them"],
    [";;;;", "lanes: there are more than 4"],
    ["rate:1e9;", "lanes: “1e9” is not between 0.000001 and 10"],
    ["rate:0.1,rate:0.2;", "lanes: a lane has “rate” twice"],
    ["layers:8;", "lanes: “layers:8” is not one of optimizer, rate, momentum"],
    ["__proto__:1;", "lanes: “__proto__:1” is not one of optimizer"],
    ["rate;", "lanes: “rate” is not one of optimizer"],
    ["optimizer:<b>;", "lanes: “<b>” is none of sgd"],
    [`${"rate:1,".repeat(2000)};`, "lanes: a lane has “rate” twice"],
  ])("refuses %.30s", (text, reason) => {
    expect(() => fromLink(`v=1&lanes=${text}`)).toThrow(reason);
  });

  it("have two different weights as axes of their map", () => {
    expect(fromLink("v=1&planeWeights=3-7").planeWeights).toEqual([3, 7]);
    for (const text of ["3", "3-3", "1-2-3"])
      expect(() => fromLink(`v=1&planeWeights=${text}`)).toThrow("it must be two different weights such as 0-1");
    expect(() => fromLink("v=1&planeWeights=0-517")).toThrow("“517” is not between 0 and 516");
  });
});
