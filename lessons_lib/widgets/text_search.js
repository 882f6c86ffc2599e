// TextMap's arithmetic: what a query means, and which documents are nearest to it, exactly as text_search.py has it.

const NEAREST = 5; // documents of a list

/** A text's words: runs of letters from a to z, in small letters. */
const wordsOf = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];

const lengthOf = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** What encoder and LSA get of counts: log(1 + count), as a row of length 1. */
function transform(counts) {
  const logs = Array.from(counts, Math.log1p);
  const length = lengthOf(logs) || 1;
  return logs.map((value) => value / length);
}

/**
 * Documents by code, by LSA and by counts. Row d of `numbers` and `counts`, which says how often which word stands in
 * document d, goes from offsets[d] to offsets[d + 1]; `codes` holds two numbers a document, `lsa` two a word.
 * Return a function that tells of a query its document (-1: none), the typed words that the vocabulary has and lacks,
 * its code (null without a word) and the positions of the nearest documents.
 */
export function textSearch({ encoder, words, names, codes, lsa, numbers, counts, offsets }) {
  const numberOf = new Map(words.map((word, number) => [word, number]));
  const documentOf = new Map(names.map((name, document) => [name, document]));
  const row = (document) => {
    const part = [offsets[document], offsets[document + 1]];
    return { numbers: numbers.subarray(...part), counts: counts.subarray(...part) };
  };
  const rows = names.map((_, document) => row(document));
  const lengths = rows.map((each) => lengthOf(each.counts));
  const lsaCodes = Float32Array.from(rows.flatMap(lsaCode));

  function lsaCode(each) {
    const code = [0, 0];
    transform(each.counts).forEach((value, i) => {
      code[0] += value * lsa[2 * each.numbers[i]];
      code[1] += value * lsa[2 * each.numbers[i] + 1];
    });
    return code;
  }

  function encode(each) {
    const inputs = new Float32Array(words.length);
    transform(each.counts).forEach((value, i) => inputs[each.numbers[i]] = value);
    return Array.from(decode(encoder, inputs));
  }

  function read(query) {
    const document = documentOf.get(query) ?? -1;
    if (document >= 0) return { document, known: [], unknown: [], asked: rows[document] };
    const found = new Map();
    for (const word of wordsOf(query)) found.set(word, (found.get(word) ?? 0) + 1);
    const known = [...found.keys()].filter((word) => numberOf.has(word));
    const unknown = [...found.keys()].filter((word) => !numberOf.has(word));
    const asked = { numbers: known.map((word) => numberOf.get(word)), counts: known.map((word) => found.get(word)) };
    return { document, known, unknown, asked };
  }

  const gaps = (all, [x, y]) => names.map((_, i) => Math.hypot(all[2 * i] - x, all[2 * i + 1] - y));

  /** One minus the cosine; infinite where no word is shared. */
  function angles(asked) {
    const times = new Float64Array(words.length);
    asked.numbers.forEach((number, i) => times[number] = asked.counts[i]);
    const length = lengthOf(asked.counts);
    return rows.map((each, document) => {
      let shared = 0;
      for (let i = 0; i < each.numbers.length; i++) shared += times[each.numbers[i]] * each.counts[i];
      return shared > 0 ? 1 - shared / lengths[document] / length : Infinity;
    });
  }

  function nearest(distances, own) {
    const others = distances.map((_, document) => document).filter((i) => i !== own && distances[i] < Infinity);
    return others.sort((one, other) => distances[one] - distances[other] || one - other).slice(0, NEAREST);
  }

  return (query) => {
    const { asked, ...meaning } = read(query);
    if (!asked.numbers.length) return { ...meaning, code: null, neighbours: { code: [], LSA: [], counts: [] } };
    const { document } = meaning;
    const code = document < 0 ? encode(asked) : Array.from(codes.subarray(2 * document, 2 * document + 2));
    const neighbours = {
      code: nearest(gaps(codes, code), document),
      LSA: nearest(gaps(lsaCodes, lsaCode(asked)), document),
      counts: nearest(angles(asked), document),
    };
    return { ...meaning, code, neighbours };
  };
}
