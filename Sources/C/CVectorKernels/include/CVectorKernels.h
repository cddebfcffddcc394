// Inner loops of the exact search: products of rows rounded to 8 bits, and comparisons of the bounds
// made from them. Nothing here decides what a match is; see ExactSearch in Swift for the proof.
//
// Every function takes the path to use. Sums are whole numbers, so all paths agree on them to the
// bit.
#ifndef C_VECTOR_KERNELS_H
#define C_VECTOR_KERNELS_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  cvk_portable = 0,
  cvk_avx2 = 1,
  cvk_avx512_vnni = 2,
} cvk_path;

/// The fastest path this processor has.
cvk_path cvk_best_path(void);

/// Rows per block of the packed layout.
enum { cvk_block = 16 };

/// Rounds `count` rows of `width` floats to whole multiples of `scale`, at most 127 of them either
/// way, into rows of `padded` bytes (a multiple of 4, the rest zero).
/// `errors[r]` is at least the length of what rounding took away, `lengths[r]` at least the length of
/// what is left, `sums[r]` the sum of the row's whole numbers.
void cvk_quantize(
  cvk_path path, const float *rows, size_t count, size_t width, size_t padded, float scale,
  int8_t *out, float *errors, float *lengths, int32_t *sums);

/// Packs rows of `depth` signed bytes (a multiple of 4) into blocks of 16: for each four columns, the
/// four bytes of each of the 16 rows, with 128 added. Missing rows of the last block are zero rows.
void cvk_pack(const int8_t *rows, size_t count, size_t depth, uint8_t *packed);

/// The left side of a screen: `count` rows with their bounds.
typedef struct {
  const int8_t *rows;   // `depth` bytes each
  const float *slopes;
  const float *floors;
  size_t count;
} cvk_left;

/// The right side of a screen: packed blocks, and one number per row.
typedef struct {
  const uint8_t *packed;
  const float *rests;
  size_t blocks;
  size_t depth;
} cvk_right;

/// Sets bit `j % 16` of `masks[i * right.blocks + j / 16]` where
/// `dot(i, j + 128) + slopes[i] * rests[j] >= floors[i]`.
void cvk_screen(cvk_path path, cvk_left left, cvk_right right, uint16_t *masks);

/// `values[i * 16 * right.blocks + j] = dot(i, j + 128) + slopes[i] * rests[j] - floors[i]`.
void cvk_bounds(cvk_path path, cvk_left left, cvk_right right, float *values);

/// Writes the numbers of the set bits, rising; answers how many. `out` has room for all.
size_t cvk_list(const uint16_t *masks, size_t blocks, uint32_t *out);

/// Writes the places whose value is at least `floor`, rising; answers how many.
size_t cvk_collect(cvk_path path, const float *values, size_t count, float floor, uint32_t *out);

/// Of `count` rows of `width` products each (a multiple of 16): sets bit `j % 16` of entry
/// `(i * width + j) / 16` of `by_row` where the product reaches the cut of its row, and of `by_column` where
/// it reaches that of its column.
void cvk_hits(
  cvk_path path, const float *products, size_t count, size_t width, const float *row_cuts,
  const float *column_cuts, uint16_t *by_row, uint16_t *by_column);

/// Bounds at or above this say nothing, and rows below its negative are none.
#define cvk_beyond 1e20f

/// What lies `margin` below a value that at least `k` of `count` reach, and hardly more do, those beyond
/// any bound not counted; out of reach below where there are fewer. 0 < k <= count.
float cvk_limit(const float *values, size_t count, size_t k, float margin);

/// Drops entries, `bounds[n]` of row `rows[n]`, that lie more than `margin` below a value that at least
/// `k` bounds reach, and hardly more do, in place and in order; answers how many are left. `floor`
/// becomes that limit; it is left alone where there are fewer than `k` entries.
size_t cvk_prune(
  float *bounds, uint32_t *rows, size_t count, size_t k, float margin, float *floor);

/// Whole rows of signed bytes, `width` each (a multiple of 64), with the sum and the error of each.
typedef struct {
  const int8_t *rows;
  const int32_t *sums;
  const float *errors;
  size_t width;
} cvk_full;

/// Keeps of `list` the rows j with `dot(query, j) + slope * errors[j] >= floor`, in place and in order;
/// answers how many.
size_t cvk_refine(
  cvk_path path, const int8_t *query, float slope, float floor, cvk_full full, uint32_t *list,
  size_t count);

/// The inner product of two rows of floats: products and sums in double over eight lanes, column k
/// in lane k % 8, then lanes added as (0+4, 1+5, 2+6, 3+7), (0+2, 1+3), (0+1). Products of two floats
/// are exact in double, so fused and separate sums are the same.
double cvk_dot(cvk_path path, const float *a, const float *b, size_t width);

/// `dots[n] = cvk_dot(a, rows + list[n] * width)`, several at a time.
void cvk_dots(
  cvk_path path, const float *a, const float *rows, size_t width, const uint32_t *list,
  size_t count, double *dots);

#endif
