/**
 * The WebAssembly instructions that the printer uses, by the kind of their immediates. Numbers from the WebAssembly
 * core specification 2.0 (appendix "Index of Instructions"); 0xfc, 0xfd and 0xfe prefixes are kept as the high byte, followed
 * by the LEB128 sub-opcode. The relaxed ones are of the relaxed SIMD proposal (core specification 3.0).
 */

const SIMD = 0xfd0000;
const SATURATING = 0xfc0000;
const ATOMIC_PREFIX = 0xfe0000;
export const PREFIX_SHIFT = 16;

/** Instructions without immediates. */
export const PLAIN = {
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  "i32.eqz": 0x45,
  "i32.eq": 0x46,
  "i32.ne": 0x47,
  "i32.lt_s": 0x48,
  "i32.lt_u": 0x49,
  "i32.gt_s": 0x4a,
  "i32.gt_u": 0x4b,
  "i32.le_s": 0x4c,
  "i32.le_u": 0x4d,
  "i32.ge_s": 0x4e,
  "i32.ge_u": 0x4f,
  "f32.eq": 0x5b,
  "f32.ne": 0x5c,
  "f32.lt": 0x5d,
  "f32.gt": 0x5e,
  "f32.le": 0x5f,
  "f32.ge": 0x60,
  "f64.eq": 0x61,
  "f64.ne": 0x62,
  "f64.lt": 0x63,
  "f64.gt": 0x64,
  "f64.le": 0x65,
  "f64.ge": 0x66,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.div_s": 0x6d,
  "i32.rem_s": 0x6f,
  "i32.rem_u": 0x70,
  "i32.and": 0x71,
  "i32.or": 0x72,
  "i32.xor": 0x73,
  "i32.shl": 0x74,
  "i32.shr_s": 0x75,
  "i32.shr_u": 0x76,
  "f32.abs": 0x8b,
  "f32.neg": 0x8c,
  "f32.floor": 0x8e,
  "f32.sqrt": 0x91,
  "f32.add": 0x92,
  "f32.sub": 0x93,
  "f32.mul": 0x94,
  "f32.div": 0x95,
  "f32.min": 0x96,
  "f32.max": 0x97,
  "f32.copysign": 0x98,
  "f64.abs": 0x99,
  "f64.neg": 0x9a,
  "f64.floor": 0x9c,
  "f64.sqrt": 0x9f,
  "f64.add": 0xa0,
  "f64.sub": 0xa1,
  "f64.mul": 0xa2,
  "f64.div": 0xa3,
  "f64.min": 0xa4,
  "f64.max": 0xa5,
  "f64.copysign": 0xa6,
  "f32.convert_i32_s": 0xb2,
  "f32.demote_f64": 0xb6,
  "f64.convert_i32_s": 0xb7,
  "f64.promote_f32": 0xbb,
  "i32.trunc_sat_f32_s": SATURATING + 0,
  "i32.trunc_sat_f64_s": SATURATING + 2,
  "i32x4.splat": SIMD + 17,
  "f32x4.splat": SIMD + 19,
  "f64x2.splat": SIMD + 20,
  "i32x4.eq": SIMD + 55,
  "i32x4.ne": SIMD + 56,
  "i32x4.lt_s": SIMD + 57,
  "i32x4.lt_u": SIMD + 58,
  "i32x4.gt_s": SIMD + 59,
  "i32x4.gt_u": SIMD + 60,
  "i32x4.le_s": SIMD + 61,
  "i32x4.le_u": SIMD + 62,
  "i32x4.ge_s": SIMD + 63,
  "i32x4.ge_u": SIMD + 64,
  "f32x4.eq": SIMD + 65,
  "f32x4.ne": SIMD + 66,
  "f32x4.lt": SIMD + 67,
  "f32x4.gt": SIMD + 68,
  "f32x4.le": SIMD + 69,
  "f32x4.ge": SIMD + 70,
  "v128.not": SIMD + 77,
  "v128.and": SIMD + 78,
  "v128.andnot": SIMD + 79,
  "v128.or": SIMD + 80,
  "v128.xor": SIMD + 81,
  "v128.bitselect": SIMD + 82,
  "v128.any_true": SIMD + 83,
  "f32x4.demote_f64x2_zero": SIMD + 94,
  "f64x2.promote_low_f32x4": SIMD + 95,
  "i8x16.narrow_i16x8_s": SIMD + 101,
  "f32x4.floor": SIMD + 104,
  "i16x8.narrow_i32x4_s": SIMD + 133,
  "i16x8.extend_low_i8x16_u": SIMD + 137,
  "i32x4.extend_low_i16x8_u": SIMD + 169,
  "i32x4.abs": SIMD + 160,
  "i32x4.neg": SIMD + 161,
  "i32x4.shl": SIMD + 171,
  "i32x4.shr_s": SIMD + 172,
  "i32x4.shr_u": SIMD + 173,
  "i32x4.add": SIMD + 174,
  "i32x4.sub": SIMD + 177,
  "i32x4.mul": SIMD + 181,
  "i32x4.min_s": SIMD + 182,
  "i32x4.max_s": SIMD + 184,
  "f32x4.abs": SIMD + 224,
  "f32x4.neg": SIMD + 225,
  "f32x4.sqrt": SIMD + 227,
  "f32x4.add": SIMD + 228,
  "f32x4.sub": SIMD + 229,
  "f32x4.mul": SIMD + 230,
  "f32x4.div": SIMD + 231,
  "f32x4.min": SIMD + 232,
  "f32x4.max": SIMD + 233,
  "f32x4.pmin": SIMD + 234,
  "f32x4.pmax": SIMD + 235,
  "f64x2.add": SIMD + 240,
  "f64x2.sub": SIMD + 241,
  "f64x2.mul": SIMD + 242,
  "i32x4.trunc_sat_f32x4_s": SIMD + 248,
  "f32x4.convert_i32x4_s": SIMD + 250,
  "f32x4.relaxed_madd": SIMD + 0x105,
  "f64x2.relaxed_madd": SIMD + 0x107,
  "i32x4.relaxed_laneselect": SIMD + 0x10b,
} as const;

/** Loads and stores: the alignment hint is always 1 byte, since lanes start anywhere. */
export const MEMORY = {
  "i32.load": 0x28,
  "f32.load": 0x2a,
  "f64.load": 0x2b,
  "i32.load8_u": 0x2d,
  "i32.store": 0x36,
  "f32.store": 0x38,
  "f64.store": 0x39,
  "i32.store8": 0x3a,
  "v128.load": SIMD + 0,
  "v128.load32_splat": SIMD + 9,
  "v128.load64_splat": SIMD + 10,
  "v128.store": SIMD + 11,
  "v128.load32_zero": SIMD + 92,
} as const;

/** Loads and stores of one lane: a memory operand, then a lane. */
export const MEMORY_LANE = {
  "v128.load32_lane": SIMD + 86,
  "v128.store32_lane": SIMD + 90,
} as const;

/** Atomic accesses of an i32, aligned to its 4 bytes (threads proposal, of core specification 3.0 onwards). */
export const ATOMIC = {
  "memory.atomic.notify": ATOMIC_PREFIX + 0,
  "memory.atomic.wait32": ATOMIC_PREFIX + 1,
  "i32.atomic.load": ATOMIC_PREFIX + 0x10,
  "i32.atomic.store": ATOMIC_PREFIX + 0x17,
  "i32.atomic.rmw.add": ATOMIC_PREFIX + 0x1e,
} as const;

export const LANE = {
  "i32x4.extract_lane": SIMD + 27,
  "i32x4.replace_lane": SIMD + 28,
  "f32x4.extract_lane": SIMD + 31,
  "f32x4.replace_lane": SIMD + 32,
} as const;

export const LOCAL = { "local.get": 0x20, "local.set": 0x21, "local.tee": 0x22 } as const;
export const BRANCH = { br: 0x0c, br_if: 0x0d } as const;
export const BLOCK = { block: 0x02, loop: 0x03, if: 0x04 } as const;
export const MARK = { else: 0x05, end: 0x0b } as const;
export const CALL = 0x10;
export const NUMBER = { "i32.const": 0x41, "i64.const": 0x42, "f32.const": 0x43, "f64.const": 0x44 } as const;
export const VECTOR_CONST = SIMD + 12;
export const SHUFFLE = SIMD + 13;

export const VALUE_TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

export type ValueType = keyof typeof VALUE_TYPES;
export type PlainOp = keyof typeof PLAIN;
export type MemoryOp = keyof typeof MEMORY;
export type MemoryLaneOp = keyof typeof MEMORY_LANE;
export type AtomicOp = keyof typeof ATOMIC;
export type LaneOp = keyof typeof LANE;
export type LocalOp = keyof typeof LOCAL;
export type BranchOp = keyof typeof BRANCH;
export type BlockOp = keyof typeof BLOCK;
export type NumberOp = keyof typeof NUMBER;
