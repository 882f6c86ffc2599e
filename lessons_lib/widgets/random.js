// Numbers that look random and are the same in Python: see noise.py. The counter of SplitMix (Steele, Lea and Flood,
// 2014) goes through the last step of MurmurHash3 (Appleby, 2011).

const GOLDEN = 0x9e3779b9;

/** The last step of MurmurHash3 of a whole number modulo 2³². */
export function mix(bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Number i of a seed, counted from 0: uniform from 0 to 1. */
export const uniformNumber = (seed, i) => (mix(seed + Math.imul(i + 1, GOLDEN)) + 0.5) / 2 ** 32;
