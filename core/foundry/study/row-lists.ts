/** Places of the rows behind figures, so that a figure leads to all of them. */
export interface RowLists {
  /** Place of the row that is being counted, from 0. */
  place: number;
  open(): RowList;
  /** The kept lists in the order of their numbers. */
  all(): readonly Uint32Array[];
}

export interface RowList {
  /** Notes the row that is being counted. */
  add(): void;
  /** Keeps the list: its number, the same at every call. */
  keep(): number;
}

/** Places that all lists of a study hold at most (4 bytes each); what comes later is counted and not listed. */
const mostPlaces = 48_000_000;
const firstLength = 8;

export function createRowLists(most = mostPlaces): RowLists {
  const kept: (() => Uint32Array)[] = [];
  let total = 0;
  const lists: RowLists = {
    place: 0,
    open() {
      let [places, length, number] = [new Uint32Array(firstLength), 0, -1];
      return {
        add() {
          if (total >= most) return;
          if (length === places.length) {
            const longer = new Uint32Array(length * 2);
            longer.set(places);
            places = longer;
          }
          places[length] = lists.place;
          length += 1;
          total += 1;
        },
        keep() {
          if (number < 0) number = kept.push(() => places.subarray(0, length)) - 1;
          return number;
        },
      };
    },
    all: () => kept.map((places) => places()),
  };
  return lists;
}
