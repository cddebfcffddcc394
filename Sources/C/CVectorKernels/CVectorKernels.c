#include "CVectorKernels.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#define HAS_X86 1
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni")))
#else
#define HAS_X86 0
#endif
#define INLINE static inline __attribute__((always_inline))

cvk_path cvk_best_path(void) {
#if HAS_X86
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return cvk_avx512_vnni;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return cvk_avx2;
#endif
  return cvk_portable;
}

// MARK: loops any compiler can turn into the vectors of its target

INLINE void quantize_row(
    const float *row, size_t width, size_t padded, float scale, int8_t *out, float *error,
    float *length, int32_t *sum) {
  const float inverse = 1 / scale;
  float lost = 0, left = 0;
  int32_t total = 0;
  for (size_t k = 0; k < width; k++) {
    float level = rintf(row[k] * inverse);
    level = level > 127 ? 127 : level < -127 ? -127 : level;
    const float rest = row[k] - level * scale;
    out[k] = (int8_t)level;
    lost += rest * rest;
    left += level * level;
    total += (int32_t)level;
  }
  for (size_t k = width; k < padded; k++) out[k] = 0;
  // A sum of `width` positive floats is off by less than width * 2^-24 of itself.
  *error = sqrtf(lost) * 1.001f + 1e-7f;
  *length = sqrtf(left) * scale * 1.001f;
  *sum = total;
}

INLINE void quantize_rows(
    const float *rows, size_t count, size_t width, size_t padded, float scale, int8_t *out,
    float *errors, float *lengths, int32_t *sums) {
  for (size_t r = 0; r < count; r++)
    quantize_row(
      rows + r * width, width, padded, scale, out + r * padded, errors + r, lengths + r, sums + r);
}

INLINE void dots_block(const int8_t *row, const uint8_t *block, size_t depth, int32_t *dots) {
  for (int lane = 0; lane < cvk_block; lane++) dots[lane] = 0;
  for (size_t k = 0; k < depth; k += 4)
    for (int lane = 0; lane < cvk_block; lane++) {
      const uint8_t *b = block + k * cvk_block + 4 * lane;
      dots[lane] += row[k] * b[0] + row[k + 1] * b[1] + row[k + 2] * b[2] + row[k + 3] * b[3];
    }
}

INLINE void screen_rows(cvk_left left, cvk_right right, uint16_t *masks, float *values) {
  for (size_t j = 0; j < right.blocks; j++)
    for (size_t i = 0; i < left.count; i++) {
      int32_t dots[cvk_block];
      dots_block(
        left.rows + i * right.depth, right.packed + j * right.depth * cvk_block, right.depth, dots);
      unsigned mask = 0;
      for (int lane = 0; lane < cvk_block; lane++) {
        const float rest = right.rests[j * cvk_block + lane];
        const float bound = (float)dots[lane] + left.slopes[i] * rest;
        if (values) values[(i * right.blocks + j) * cvk_block + lane] = bound - left.floors[i];
        mask |= (unsigned)(bound >= left.floors[i]) << lane;
      }
      if (masks) masks[i * right.blocks + j] = (uint16_t)mask;
    }
}

INLINE int32_t dot_row(const int8_t *a, const int8_t *b, size_t width) {
  int32_t total = 0;
  for (size_t k = 0; k < width; k++) total += a[k] * b[k];
  return total;
}

INLINE double fold(const double *lanes) {
  const double low = lanes[0] + lanes[4], high = lanes[2] + lanes[6];
  const double odd = lanes[1] + lanes[5], last = lanes[3] + lanes[7];
  return (low + high) + (odd + last);
}

INLINE double exact_row(const float *a, const float *b, size_t from, size_t width, double *lanes) {
  for (size_t k = from; k < width; k++) lanes[k & 7] += (double)a[k] * (double)b[k];
  return fold(lanes);
}

static double exact_portable(const float *a, const float *b, size_t width) {
  double lanes[8] = {0};
  size_t k = 0;
  for (; k + 8 <= width; k += 8)
    for (int lane = 0; lane < 8; lane++) lanes[lane] += (double)a[k + lane] * (double)b[k + lane];
  return exact_row(a, b, k, width, lanes);
}

static void quantize_portable(
    const float *rows, size_t count, size_t width, size_t padded, float scale, int8_t *out,
    float *errors, float *lengths, int32_t *sums) {
  quantize_rows(rows, count, width, padded, scale, out, errors, lengths, sums);
}

static void screen_portable(cvk_left left, cvk_right right, uint16_t *masks, float *values) {
  screen_rows(left, right, masks, values);
}

static int32_t dot_portable(const int8_t *a, const int8_t *b, size_t width) {
  return dot_row(a, b, width);
}

#if HAS_X86

AVX2 static void quantize_avx2(
    const float *rows, size_t count, size_t width, size_t padded, float scale, int8_t *out,
    float *errors, float *lengths, int32_t *sums) {
  quantize_rows(rows, count, width, padded, scale, out, errors, lengths, sums);
}

// Rows of the left side that are compared with a block at once: what is loaded of it serves all of them.
enum { at_once = 4 };

/// What 128 added to every byte of the right side adds to a sum of products.
AVX2 static int32_t shift_avx2(const int8_t *row, size_t depth) {
  int32_t total = 0;
  for (size_t k = 0; k < depth; k++) total += row[k];
  return 128 * total;
}

/// Products of `count` rows, at most `at_once`, with a block; two halves of 8 each.
///
/// Signs go over to the left side, so that pairs of products are sums of at most 2 * 127 * 127 and fit
/// into 16 bits.
AVX2 INLINE void products_avx2(
    const int8_t *rows, size_t count, size_t depth, const uint8_t *block, __m256i sums[][2]) {
  const __m256i ones = _mm256_set1_epi16(1), offset = _mm256_set1_epi8((char)0x80);
  for (size_t k = 0; k < depth; k += 4) {
    __m256i b[2], size[2];
    for (int half = 0; half < 2; half++) {
      b[half] = _mm256_xor_si256(
        _mm256_loadu_si256((const __m256i *)(block + k * cvk_block + 32 * half)), offset);
      size[half] = _mm256_abs_epi8(b[half]);
    }
    for (size_t i = 0; i < count; i++) {
      int32_t four;
      memcpy(&four, rows + i * depth + k, 4);
      const __m256i a = _mm256_set1_epi32(four);
      for (int half = 0; half < 2; half++) {
        const __m256i pairs = _mm256_maddubs_epi16(size[half], _mm256_sign_epi8(a, b[half]));
        sums[i][half] = _mm256_add_epi32(sums[i][half], _mm256_madd_epi16(pairs, ones));
      }
    }
  }
}

/// `count` rows from row `i` of the left side with block `j`.
AVX2 INLINE void screen_some_avx2(
    cvk_left left, cvk_right right, size_t i, size_t count, size_t j, const int32_t *shifts,
    uint16_t *masks, float *values) {
  __m256i sums[at_once][2];
  for (size_t n = 0; n < count; n++) sums[n][0] = sums[n][1] = _mm256_set1_epi32(shifts[n]);
  products_avx2(
    left.rows + i * right.depth, count, right.depth,
    right.packed + j * right.depth * cvk_block, sums);
  for (size_t n = 0; n < count; n++) {
    const size_t place = (i + n) * right.blocks + j;
    unsigned mask = 0;
    for (int half = 0; half < 2; half++) {
      const __m256 rests = _mm256_loadu_ps(right.rests + j * cvk_block + 8 * half);
      const __m256 bound = _mm256_add_ps(
        _mm256_cvtepi32_ps(sums[n][half]), _mm256_mul_ps(_mm256_set1_ps(left.slopes[i + n]), rests));
      const __m256 floors = _mm256_set1_ps(left.floors[i + n]);
      if (values)
        _mm256_storeu_ps(values + place * cvk_block + 8 * half, _mm256_sub_ps(bound, floors));
      mask |= (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(bound, floors, _CMP_GE_OQ)) << (8 * half);
    }
    if (masks) masks[place] = (uint16_t)mask;
  }
}

AVX2 static void screen_avx2(cvk_left left, cvk_right right, uint16_t *masks, float *values) {
  for (size_t first = 0; first < left.count; first += 128) {
    const size_t last = left.count - first < 128 ? left.count : first + 128;
    int32_t shifts[128];
    for (size_t i = first; i < last; i++)
      shifts[i - first] = shift_avx2(left.rows + i * right.depth, right.depth);
    for (size_t j = 0; j < right.blocks; j++) {
      size_t i = first;
      for (; i + at_once <= last; i += at_once)
        screen_some_avx2(left, right, i, at_once, j, shifts + (i - first), masks, values);
      for (; i < last; i++)
        screen_some_avx2(left, right, i, 1, j, shifts + (i - first), masks, values);
    }
  }
}

AVX2 static int32_t dot_avx2(const int8_t *a, const int8_t *b, size_t width) {
  return dot_row(a, b, width);
}

AVX2 static double exact_avx2(const float *a, const float *b, size_t width) {
  __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
  size_t k = 0;
  for (; k + 8 <= width; k += 8) {
    low = _mm256_fmadd_pd(
      _mm256_cvtps_pd(_mm_loadu_ps(a + k)), _mm256_cvtps_pd(_mm_loadu_ps(b + k)), low);
    high = _mm256_fmadd_pd(
      _mm256_cvtps_pd(_mm_loadu_ps(a + k + 4)), _mm256_cvtps_pd(_mm_loadu_ps(b + k + 4)), high);
  }
  double lanes[8];
  _mm256_storeu_pd(lanes, low);
  _mm256_storeu_pd(lanes + 4, high);
  return exact_row(a, b, k, width, lanes);
}

// Four rows at a time hide how long one addition takes.
AVX2 static void exact_four_avx2(
    const float *a, const float *const *b, size_t width, double *dots) {
  __m256d low[4] = {
    _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd()};
  __m256d high[4] = {
    _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd(), _mm256_setzero_pd()};
  size_t k = 0;
  for (; k + 8 <= width; k += 8) {
    const __m256d first = _mm256_cvtps_pd(_mm_loadu_ps(a + k));
    const __m256d second = _mm256_cvtps_pd(_mm_loadu_ps(a + k + 4));
#pragma clang loop unroll(full)
    for (int n = 0; n < 4; n++) {
      low[n] = _mm256_fmadd_pd(first, _mm256_cvtps_pd(_mm_loadu_ps(b[n] + k)), low[n]);
      high[n] = _mm256_fmadd_pd(second, _mm256_cvtps_pd(_mm_loadu_ps(b[n] + k + 4)), high[n]);
    }
  }
  for (int n = 0; n < 4; n++) {
    double lanes[8];
    _mm256_storeu_pd(lanes, low[n]);
    _mm256_storeu_pd(lanes + 4, high[n]);
    dots[n] = exact_row(a, b[n], k, width, lanes);
  }
}

AVX512 static void quantize_avx512(
    const float *rows, size_t count, size_t width, size_t padded, float scale, int8_t *out,
    float *errors, float *lengths, int32_t *sums) {
  quantize_rows(rows, count, width, padded, scale, out, errors, lengths, sums);
}

// `m` rows against `n` blocks, all sums in registers: `m` and `n` are constants where this is inlined.
AVX512 INLINE void tile_avx512(
    const int m, const int n, cvk_left left, size_t i, cvk_right right, size_t j, uint16_t *masks,
    float *values) {
  const size_t depth = right.depth;
  const int8_t *a = left.rows + i * depth;
  const uint8_t *b = right.packed + j * depth * cvk_block;
  __m512i sums[m][n];
#pragma clang loop unroll(full)
  for (int r = 0; r < m; r++)
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) sums[r][c] = _mm512_setzero_si512();
  for (size_t k = 0; k < depth; k += 4) {
    __m512i columns[n];
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++)
      columns[c] = _mm512_loadu_si512(b + (c * depth + k) * cvk_block);
#pragma clang loop unroll(full)
    for (int r = 0; r < m; r++) {
      int32_t four;
      memcpy(&four, a + r * depth + k, 4);
      const __m512i row = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
      for (int c = 0; c < n; c++) sums[r][c] = _mm512_dpbusd_epi32(sums[r][c], columns[c], row);
    }
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) {
    const __m512 rests = _mm512_loadu_ps(right.rests + (j + c) * cvk_block);
#pragma clang loop unroll(full)
    for (int r = 0; r < m; r++) {
      const __m512 bound = _mm512_fmadd_ps(
        _mm512_set1_ps(left.slopes[i + r]), rests, _mm512_cvtepi32_ps(sums[r][c]));
      const __m512 floors = _mm512_set1_ps(left.floors[i + r]);
      const size_t place = (i + r) * right.blocks + j + c;
      if (values)
        _mm512_storeu_ps(values + place * cvk_block, _mm512_sub_ps(bound, floors));
      else
        masks[place] = _mm512_cmp_ps_mask(bound, floors, _CMP_GE_OQ);
    }
  }
}

AVX512 INLINE void columns_avx512(
    const int n, cvk_left left, cvk_right right, size_t j, uint16_t *masks, float *values) {
  size_t i = 0;
  for (; i + 6 <= left.count; i += 6) tile_avx512(6, n, left, i, right, j, masks, values);
  for (; i + 2 <= left.count; i += 2) tile_avx512(2, n, left, i, right, j, masks, values);
  for (; i < left.count; i++) tile_avx512(1, n, left, i, right, j, masks, values);
}

AVX512 static void screen_avx512(cvk_left left, cvk_right right, uint16_t *masks) {
  size_t j = 0;
  for (; j + 4 <= right.blocks; j += 4) columns_avx512(4, left, right, j, masks, NULL);
  for (; j < right.blocks; j++) columns_avx512(1, left, right, j, masks, NULL);
}

AVX512 static void bounds_avx512(cvk_left left, cvk_right right, float *values) {
  size_t j = 0;
  for (; j + 4 <= right.blocks; j += 4) columns_avx512(4, left, right, j, NULL, values);
  for (; j < right.blocks; j++) columns_avx512(1, left, right, j, NULL, values);
}

AVX512 static int32_t dot_avx512(const int8_t *a, const int8_t *b, int32_t sum, size_t width) {
  const __m512i shift = _mm512_set1_epi8((char)0x80);
  __m512i total = _mm512_setzero_si512();
  for (size_t k = 0; k < width; k += 64) {
    // The instruction multiplies unsigned by signed: 128 more on one side, taken off by the sum.
    const __m512i left = _mm512_xor_si512(_mm512_loadu_si512(a + k), shift);
    total = _mm512_dpbusd_epi32(total, left, _mm512_loadu_si512(b + k));
  }
  return _mm512_reduce_add_epi32(total) - 128 * sum;
}

AVX512 static double exact_avx512(const float *a, const float *b, size_t width) {
  __m512d total = _mm512_setzero_pd();
  size_t k = 0;
  for (; k + 8 <= width; k += 8)
    total = _mm512_fmadd_pd(
      _mm512_cvtps_pd(_mm256_loadu_ps(a + k)), _mm512_cvtps_pd(_mm256_loadu_ps(b + k)), total);
  double lanes[8];
  _mm512_storeu_pd(lanes, total);
  return exact_row(a, b, k, width, lanes);
}

// Four rows at a time hide how long one addition takes.
AVX512 static void exact_four_avx512(
    const float *a, const float *const *b, size_t width, double *dots) {
  __m512d totals[4] = {
    _mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd(), _mm512_setzero_pd()};
  size_t k = 0;
  for (; k + 8 <= width; k += 8) {
    const __m512d left = _mm512_cvtps_pd(_mm256_loadu_ps(a + k));
#pragma clang loop unroll(full)
    for (int n = 0; n < 4; n++)
      totals[n] = _mm512_fmadd_pd(left, _mm512_cvtps_pd(_mm256_loadu_ps(b[n] + k)), totals[n]);
  }
  for (int n = 0; n < 4; n++) {
    double lanes[8];
    _mm512_storeu_pd(lanes, totals[n]);
    dots[n] = exact_row(a, b[n], k, width, lanes);
  }
}

AVX2 static size_t collect_avx2(const float *values, size_t count, float floor, uint32_t *out) {
  const __m256 floors = _mm256_set1_ps(floor);
  size_t found = 0, place = 0;
  for (; place + 8 <= count; place += 8) {
    unsigned mask = (unsigned)_mm256_movemask_ps(
      _mm256_cmp_ps(_mm256_loadu_ps(values + place), floors, _CMP_GE_OQ));
    for (; mask; mask &= mask - 1) out[found++] = (uint32_t)(place + (size_t)__builtin_ctz(mask));
  }
  for (; place < count; place++)
    if (values[place] >= floor) out[found++] = (uint32_t)place;
  return found;
}

AVX2 static void hits_avx2(
    const float *products, size_t count, size_t width, const float *row_cuts,
    const float *column_cuts, uint16_t *by_row, uint16_t *by_column) {
  for (size_t i = 0; i < count; i++) {
    const __m256 cut = _mm256_set1_ps(row_cuts[i]);
    for (size_t j = 0; j < width; j += cvk_block) {
      unsigned rows = 0, columns = 0;
      for (int half = 0; half < 2; half++) {
        const __m256 v = _mm256_loadu_ps(products + i * width + j + 8 * half);
        const __m256 cuts = _mm256_loadu_ps(column_cuts + j + 8 * half);
        rows |= (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(v, cut, _CMP_GE_OQ)) << (8 * half);
        columns |= (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(v, cuts, _CMP_GE_OQ)) << (8 * half);
      }
      by_row[(i * width + j) / cvk_block] = (uint16_t)rows;
      by_column[(i * width + j) / cvk_block] = (uint16_t)columns;
    }
  }
}

AVX512 static size_t collect_avx512(
    const float *values, size_t count, float floor, uint32_t *out) {
  const __m512 floors = _mm512_set1_ps(floor);
  size_t found = 0, place = 0;
  for (; place + 16 <= count; place += 16) {
    unsigned mask = _mm512_cmp_ps_mask(_mm512_loadu_ps(values + place), floors, _CMP_GE_OQ);
    for (; mask; mask &= mask - 1) out[found++] = (uint32_t)(place + __builtin_ctz(mask));
  }
  for (; place < count; place++)
    if (values[place] >= floor) out[found++] = (uint32_t)place;
  return found;
}
#endif

// MARK: the doors

void cvk_quantize(
    cvk_path path, const float *rows, size_t count, size_t width, size_t padded, float scale,
    int8_t *out, float *errors, float *lengths, int32_t *sums) {
#if HAS_X86
  if (path == cvk_avx512_vnni) {
    quantize_avx512(rows, count, width, padded, scale, out, errors, lengths, sums);
    return;
  }
  if (path == cvk_avx2) {
    quantize_avx2(rows, count, width, padded, scale, out, errors, lengths, sums);
    return;
  }
#endif
  quantize_portable(rows, count, width, padded, scale, out, errors, lengths, sums);
}

void cvk_pack(const int8_t *rows, size_t count, size_t depth, uint8_t *packed) {
  const size_t blocks = (count + cvk_block - 1) / cvk_block;
  for (size_t j = 0; j < blocks; j++)
    for (size_t k = 0; k < depth; k += 4)
      for (size_t lane = 0; lane < cvk_block; lane++) {
        uint8_t *place = packed + (j * depth + k) * cvk_block + 4 * lane;
        const size_t row = j * cvk_block + lane;
        for (int byte = 0; byte < 4; byte++)
          place[byte] = row < count ? (uint8_t)(rows[row * depth + k + byte] + 128) : 128;
      }
}

void cvk_screen(cvk_path path, cvk_left left, cvk_right right, uint16_t *masks) {
#if HAS_X86
  if (path == cvk_avx512_vnni) {
    screen_avx512(left, right, masks);
    return;
  }
  if (path == cvk_avx2) {
    screen_avx2(left, right, masks, NULL);
    return;
  }
#endif
  screen_portable(left, right, masks, NULL);
}

void cvk_bounds(cvk_path path, cvk_left left, cvk_right right, float *values) {
#if HAS_X86
  if (path == cvk_avx512_vnni) {
    bounds_avx512(left, right, values);
    return;
  }
  if (path == cvk_avx2) {
    screen_avx2(left, right, NULL, values);
    return;
  }
#endif
  screen_portable(left, right, NULL, values);
}

size_t cvk_list(const uint16_t *masks, size_t blocks, uint32_t *out) {
  size_t found = 0, block = 0;
  while (block < blocks) {
    uint64_t word = 0;
    const size_t taken = blocks - block < 4 ? blocks - block : 4;
    memcpy(&word, masks + block, 2 * taken);
    for (; word; word &= word - 1)
      out[found++] = (uint32_t)(block * cvk_block + (size_t)__builtin_ctzll(word));
    block += taken;
  }
  return found;
}

size_t cvk_collect(cvk_path path, const float *values, size_t count, float floor, uint32_t *out) {
#if HAS_X86
  if (path == cvk_avx512_vnni) return collect_avx512(values, count, floor, out);
  if (path == cvk_avx2) return collect_avx2(values, count, floor, out);
#endif
  size_t found = 0;
  for (size_t place = 0; place < count; place++)
    if (values[place] >= floor) out[found++] = (uint32_t)place;
  return found;
}

void cvk_hits(
    cvk_path path, const float *products, size_t count, size_t width, const float *row_cuts,
    const float *column_cuts, uint16_t *by_row, uint16_t *by_column) {
#if HAS_X86
  if (path != cvk_portable) {
    hits_avx2(products, count, width, row_cuts, column_cuts, by_row, by_column);
    return;
  }
#endif
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < width; j += cvk_block) {
      unsigned rows = 0, columns = 0;
      for (size_t lane = 0; lane < cvk_block; lane++) {
        const float v = products[i * width + j + lane];
        rows |= (unsigned)(v >= row_cuts[i]) << lane;
        columns |= (unsigned)(v >= column_cuts[j + lane]) << lane;
      }
      by_row[(i * width + j) / cvk_block] = (uint16_t)rows;
      by_column[(i * width + j) / cvk_block] = (uint16_t)columns;
    }
}

// The compiler turns this into the vectors of its target.
static size_t count_at_least(const float *values, size_t count, float floor) {
  size_t found = 0;
  for (size_t start = 0; start < count; start += 1024) {
    const size_t stop = start + 1024 < count ? start + 1024 : count;
    unsigned some = 0;
    for (size_t n = start; n < stop; n++) some += values[n] >= floor;
    found += some;
  }
  return found;
}

/// A value that at least `k` of `count` reach and hardly more do, not counting those beyond any bound.
/// 0 < k <= count.
static float near_largest(const float *values, size_t count, size_t k) {
  float low = cvk_beyond, high = -cvk_beyond;
  size_t beyond = 0;
  for (size_t n = 0; n < count; n++) {
    const float v = values[n];
    beyond += v >= cvk_beyond;
    low = v < low && v > -cvk_beyond ? v : low;
    high = v > high && v < cvk_beyond ? v : high;
  }
  k += beyond;
  if (count_at_least(values, count, low) < k) return -cvk_beyond;
  if (count_at_least(values, count, high) >= k) return high;
  for (int halving = 0; halving < 24; halving++) {
    const float middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    const size_t found = count_at_least(values, count, middle);
    if (found >= k)
      low = middle;
    else
      high = middle;
    if (found >= k && found <= k + k / 16) break;
  }
  return low;
}

float cvk_limit(const float *values, size_t count, size_t k, float margin) {
  return near_largest(values, count, k) - margin;
}

size_t cvk_prune(float *bounds, uint32_t *rows, size_t count, size_t k, float margin, float *floor) {
  if (count < k) return count;
  const float limit = cvk_limit(bounds, count, k, margin);
  size_t kept = 0;
  for (size_t n = 0; n < count; n++) {
    const float bound = bounds[n];
    bounds[kept] = bound;
    rows[kept] = rows[n];
    kept += bound >= limit;
  }
  *floor = limit;
  return kept;
}

static float refined(
    cvk_path path, const int8_t *query, float slope, const cvk_full *full, uint32_t row) {
  const int8_t *other = full->rows + row * full->width;
  int32_t dot;
#if HAS_X86
  if (path == cvk_avx512_vnni)
    dot = dot_avx512(query, other, full->sums[row], full->width);
  else if (path == cvk_avx2)
    dot = dot_avx2(query, other, full->width);
  else
#endif
    dot = dot_portable(query, other, full->width);
  return (float)dot + slope * full->errors[row];
}

size_t cvk_refine(
    cvk_path path, const int8_t *query, float slope, float floor, cvk_full full, uint32_t *list,
    size_t count) {
  size_t kept = 0;
  for (size_t n = 0; n < count; n++)
    if (refined(path, query, slope, &full, list[n]) >= floor) list[kept++] = list[n];
  return kept;
}

double cvk_dot(cvk_path path, const float *a, const float *b, size_t width) {
#if HAS_X86
  if (path == cvk_avx512_vnni) return exact_avx512(a, b, width);
  if (path == cvk_avx2) return exact_avx2(a, b, width);
#endif
  return exact_portable(a, b, width);
}

void cvk_dots(
    cvk_path path, const float *a, const float *rows, size_t width, const uint32_t *list,
    size_t count, double *dots) {
  size_t n = 0;
#if HAS_X86
  if (path != cvk_portable)
    for (; n + 4 <= count; n += 4) {
      const float *b[4];
      for (int k = 0; k < 4; k++) b[k] = rows + list[n + k] * width;
      (path == cvk_avx512_vnni ? exact_four_avx512 : exact_four_avx2)(a, b, width, dots + n);
    }
#endif
  for (; n < count; n++) dots[n] = cvk_dot(path, a, rows + list[n] * width, width);
}
