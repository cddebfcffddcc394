#include "CMapKernels.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define HAS_X86 1
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2")))
#else
#define HAS_X86 0
#endif
#define INLINE static inline __attribute__((always_inline))

typedef float lanes __attribute__((vector_size(32), aligned(4)));

static int has_avx2(void) {
#if HAS_X86
  return __builtin_cpu_supports("avx2");
#else
  return 0;
#endif
}

// Macros, because a function may not be handed eight lanes where the processor lacks them.
#define TOTAL(v) (((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])))

// MARK: attraction

#define TAKE_ONE_BY_ONE(xs, ys, xy, places)      \
  lanes xs, ys;                                  \
  for (int lane = 0; lane < cmk_lanes; lane++) { \
    xs[lane] = (xy)[2 * (places)[lane]];         \
    ys[lane] = (xy)[2 * (places)[lane] + 1];     \
  }

// Both coordinates of a point are loaded as one number of twice the length. Processors are slow at
// gathering, some ten times as slow as at these loads.
#define PAIR(xy, places, lane)                                              \
  _mm_loadh_pd(                                                             \
      _mm_load_sd((const double *)(xy) + (places)[lane]),                   \
      (const double *)(xy) + (places)[(lane) + 2])
#define TAKE_AT_ONCE(xs, ys, xy, places)                                                      \
  const __m256 even = (__m256)_mm256_set_m128d(PAIR(xy, places, 4), PAIR(xy, places, 0));     \
  const __m256 odd = (__m256)_mm256_set_m128d(PAIR(xy, places, 5), PAIR(xy, places, 1));      \
  const lanes xs = (lanes)_mm256_blend_ps(even, (__m256)_mm256_slli_epi64((__m256i)odd, 32), 0xAA); \
  const lanes ys = (lanes)_mm256_blend_ps((__m256)_mm256_srli_epi64((__m256i)even, 32), odd, 0xAA);

#define ATTRACT(TAKE)                                                                    \
  for (size_t i = first; i < last; i++) {                                                \
    const lanes x = xy[2 * i] - (lanes){0}, y = xy[2 * i + 1] - (lanes){0};              \
    lanes sx = {0}, sy = {0};                                                            \
    for (int64_t k = matrix->starts[i]; k < matrix->starts[i + 1]; k += cmk_lanes) {     \
      TAKE(xs, ys, xy, matrix->neighbours + k)                                           \
      const lanes dx = x - xs, dy = y - ys;                                              \
      const lanes w = *(const lanes *)(matrix->weights + k) / (1 + (dx * dx + dy * dy)); \
      sx += w * dx;                                                                      \
      sy += w * dy;                                                                      \
    }                                                                                    \
    ax[i] = TOTAL(sx);                                                                   \
    ay[i] = TOTAL(sy);                                                                   \
  }

static void attract_portable(
    const cmk_matrix *matrix, const float *xy, size_t first, size_t last, float *ax, float *ay) {
  ATTRACT(TAKE_ONE_BY_ONE)
}

#if HAS_X86
AVX2 static void attract_avx2(
    const cmk_matrix *matrix, const float *xy, size_t first, size_t last, float *ax, float *ay) {
  ATTRACT(TAKE_AT_ONCE)
}
#endif

void cmk_attract(
    const cmk_matrix *matrix, const float *xy, size_t first, size_t last, float *ax, float *ay) {
#if HAS_X86
  if (has_avx2()) {
    attract_avx2(matrix, xy, first, last, ax, ay);
    return;
  }
#endif
  attract_portable(matrix, xy, first, last, ax, ay);
}

// MARK: splines

/// The six values of the quintic B-spline at fraction f of a cell, and two zeros.
INLINE void spline(float f, float *w) {
  const float f2 = f * f, f3 = f2 * f, f4 = f3 * f, f5 = f4 * f;
  const float s = 1.0f / 120;
  w[0] = (1 - 5 * f + 10 * f2 - 10 * f3 + 5 * f4 - f5) * s;
  w[1] = (26 - 50 * f + 20 * f2 + 20 * f3 - 20 * f4 + 5 * f5) * s;
  w[2] = (66 - 60 * f2 + 30 * f4 - 10 * f5) * s;
  w[3] = (26 + 50 * f + 20 * f2 - 20 * f3 - 20 * f4 + 10 * f5) * s;
  w[4] = (1 + 5 * f + 10 * f2 + 10 * f3 + 5 * f4 - 5 * f5) * s;
  w[5] = f5 * s;
  w[6] = 0;
  w[7] = 0;
}

/// Where a point's nodes begin, and its splines along both directions.
INLINE size_t place(
    const cmk_layout *layout, size_t point, size_t stride, float *along_x, float *along_y) {
  const float u = (layout->x[point] - layout->x0) * layout->scale;
  const float v = (layout->y[point] - layout->y0) * layout->scale;
  const int32_t column = (int32_t)u, row = (int32_t)v;
  spline(u - (float)column, along_x);
  spline(v - (float)row, along_y);
  return (size_t)(row - 2) * stride + (size_t)(column - 2);
}

INLINE void spread_points(
    const cmk_layout *layout, const int32_t *points, size_t count, float *grid, size_t stride) {
  for (size_t k = 0; k < count; k++) {
    float along_x[8], along_y[8];
    float *node = grid + place(layout, (size_t)points[k], stride, along_x, along_y);
    const lanes w = *(const lanes *)along_x;
    for (int row = 0; row < cmk_order; row++, node += stride)
      *(lanes *)node += w * along_y[row];
  }
}

INLINE void read_points(
    const cmk_layout *layout, size_t first, size_t last, const float *grid_x, const float *grid_y,
    size_t stride, float *fx, float *fy) {
  for (size_t i = first; i < last; i++) {
    float along_x[8], along_y[8];
    size_t node = place(layout, i, stride, along_x, along_y);
    const lanes w = *(const lanes *)along_x;
    lanes sx = {0}, sy = {0};
    for (int row = 0; row < cmk_order; row++, node += stride) {
      sx += *(const lanes *)(grid_x + node) * along_y[row];
      sy += *(const lanes *)(grid_y + node) * along_y[row];
    }
    sx *= w;
    sy *= w;
    fx[i] = TOTAL(sx);
    fy[i] = TOTAL(sy);
  }
}

INLINE double convolve_rows(
    float *value, float *other, size_t rows, const float *kernel_sum, const float *kernel_x,
    const float *kernel_y, const float *columns) {
  double sum = 0;
  // Two rows at a time are eight numbers.
  for (size_t start = 0; start < rows * cmk_group; start += 8) {
    float *a = value + 2 * start, *b = other + 2 * start;
    float energy = 0;
    for (int k = 0; k < 8; k++) {
      const float re = a[2 * k], im = a[2 * k + 1];
      const float kx = kernel_x[start + (size_t)k], ky = kernel_y[start + (size_t)k];
      energy += (re * re + im * im) * (kernel_sum[start + (size_t)k] * columns[k % cmk_group]);
      b[2 * k] = -im * ky;
      b[2 * k + 1] = re * ky;
      a[2 * k] = -im * kx;
      a[2 * k + 1] = re * kx;
    }
    sum += energy;
  }
  return sum;
}

// MARK: steps

void cmk_pair(const float *x, const float *y, size_t count, float *xy) {
  for (size_t i = 0; i < count; i++) {
    xy[2 * i] = x[i];
    xy[2 * i + 1] = y[i];
  }
}

void cmk_range(const float *values, size_t count, float *least, float *greatest) {
  float low[cmk_lanes], high[cmk_lanes];
  for (int lane = 0; lane < cmk_lanes; lane++) low[lane] = high[lane] = values[0];
  size_t i = 0;
  for (; i + cmk_lanes <= count; i += cmk_lanes)
    for (int lane = 0; lane < cmk_lanes; lane++) {
      const float v = values[i + (size_t)lane];
      low[lane] = v < low[lane] ? v : low[lane];
      high[lane] = v > high[lane] ? v : high[lane];
    }
  for (; i < count; i++) {
    low[0] = values[i] < low[0] ? values[i] : low[0];
    high[0] = values[i] > high[0] ? values[i] : high[0];
  }
  *least = low[0];
  *greatest = high[0];
  for (int lane = 1; lane < cmk_lanes; lane++) {
    *least = low[lane] < *least ? low[lane] : *least;
    *greatest = high[lane] > *greatest ? high[lane] : *greatest;
  }
}

void cmk_gradient(
    const float *pull, const float *push, size_t count, float exaggeration, float share,
    float *gradient) {
  for (size_t i = 0; i < count; i++)
    gradient[i] = 4 * (exaggeration * pull[i] - share * push[i]);
}

/// The place after one step.
INLINE float moved(
    float gradient, float rate, float momentum, float *gain, float *velocity, float *place) {
  const float turned = *gain * 0.8f > 0.01f ? *gain * 0.8f : 0.01f;
  *gain = (gradient > 0) == (*velocity > 0) ? turned : *gain + 0.2f;
  *velocity = momentum * *velocity - rate * *gain * gradient;
  *place += *velocity;
  return *place;
}

INLINE double move_points(
    const float *gradient, size_t count, float rate, float momentum, float *gains,
    float *velocities, float *places) {
  double sums[cmk_lanes] = {0};
  size_t i = 0;
  for (; i + cmk_lanes <= count; i += cmk_lanes)
    for (size_t lane = 0; lane < cmk_lanes; lane++)
      sums[lane] += (double)moved(
          gradient[i + lane], rate, momentum, gains + i + lane, velocities + i + lane,
          places + i + lane);
  for (; i < count; i++)
    sums[0] += (double)moved(gradient[i], rate, momentum, gains + i, velocities + i, places + i);
  return TOTAL(sums);
}

// MARK: sums

INLINE double kernel(const float *x, const float *y, size_t i, size_t j) {
  const float dx = x[i] - x[j], dy = y[i] - y[j];
  return (double)(1 / (1 + (dx * dx + dy * dy)));
}

/// Σ 1 / (1 + d²) from each of the points first ..< last to all points after it.
INLINE double sum_pairs(
    const float *x, const float *y, size_t count, size_t first, size_t last) {
  double total = 0;
  for (size_t i = first; i < last; i++) {
    size_t j = i + 1;
    for (; j < count && j % cmk_lanes != 0; j++) total += kernel(x, y, i, j);
    const lanes xs = x[i] - (lanes){0}, ys = y[i] - (lanes){0};
    while (j + cmk_lanes <= count) {
      // So few at a time that floats hold their sum.
      const size_t end = j + 2048 < count ? j + 2048 : count;
      lanes sum = {0};
      for (; j + cmk_lanes <= end; j += cmk_lanes) {
        const lanes dx = xs - *(const lanes *)(x + j), dy = ys - *(const lanes *)(y + j);
        sum += 1 / (1 + (dx * dx + dy * dy));
      }
      total += (double)TOTAL(sum);
    }
    for (; j < count; j++) total += kernel(x, y, i, j);
  }
  return total;
}

// MARK: the same loops for each target

#if HAS_X86
AVX2 static void spread_avx2(
    const cmk_layout *layout, const int32_t *points, size_t count, float *grid, size_t stride) {
  spread_points(layout, points, count, grid, stride);
}

AVX2 static void read_avx2(
    const cmk_layout *layout, size_t first, size_t last, const float *grid_x, const float *grid_y,
    size_t stride, float *fx, float *fy) {
  read_points(layout, first, last, grid_x, grid_y, stride, fx, fy);
}

AVX2 static double convolve_avx2(
    float *value, float *other, size_t rows, const float *kernel_sum, const float *kernel_x,
    const float *kernel_y, const float *columns) {
  return convolve_rows(value, other, rows, kernel_sum, kernel_x, kernel_y, columns);
}

AVX2 static double move_avx2(
    const float *gradient, size_t count, float rate, float momentum, float *gains,
    float *velocities, float *places) {
  return move_points(gradient, count, rate, momentum, gains, velocities, places);
}

AVX2 static double pairs_avx2(
    const float *x, const float *y, size_t count, size_t first, size_t last) {
  return sum_pairs(x, y, count, first, last);
}
#endif

void cmk_spread(
    const cmk_layout *layout, const int32_t *points, size_t count, float *grid, size_t stride) {
#if HAS_X86
  if (has_avx2()) {
    spread_avx2(layout, points, count, grid, stride);
    return;
  }
#endif
  spread_points(layout, points, count, grid, stride);
}

void cmk_read(
    const cmk_layout *layout, size_t first, size_t last, const float *grid_x, const float *grid_y,
    size_t stride, float *fx, float *fy) {
#if HAS_X86
  if (has_avx2()) {
    read_avx2(layout, first, last, grid_x, grid_y, stride, fx, fy);
    return;
  }
#endif
  read_points(layout, first, last, grid_x, grid_y, stride, fx, fy);
}

double cmk_convolve(
    float *value, float *other, size_t rows, const float *kernel_sum, const float *kernel_x,
    const float *kernel_y, const float *columns) {
#if HAS_X86
  if (has_avx2())
    return convolve_avx2(value, other, rows, kernel_sum, kernel_x, kernel_y, columns);
#endif
  return convolve_rows(value, other, rows, kernel_sum, kernel_x, kernel_y, columns);
}

double cmk_move(
    const float *gradient, size_t count, float rate, float momentum, float *gains,
    float *velocities, float *places) {
#if HAS_X86
  if (has_avx2()) return move_avx2(gradient, count, rate, momentum, gains, velocities, places);
#endif
  return move_points(gradient, count, rate, momentum, gains, velocities, places);
}

double cmk_pairs(const float *x, const float *y, size_t count, size_t first, size_t last) {
#if HAS_X86
  if (has_avx2()) return pairs_avx2(x, y, count, first, last);
#endif
  return sum_pairs(x, y, count, first, last);
}

void cmk_bands(
    const cmk_layout *layout, size_t count, size_t bands, int64_t *starts, int32_t *order) {
#define BAND(point) ((size_t)((layout->y[point] - layout->y0) * layout->scale) / cmk_band)
  for (size_t place = 0; place < bands + 2; place++) starts[place] = 0;
  // Counted two further on, summed, and moved back by one as points take their places.
  for (size_t i = 0; i < count; i++) starts[BAND(i) + 2]++;
  for (size_t band = 2; band < bands + 2; band++) starts[band] += starts[band - 1];
  for (size_t i = 0; i < count; i++) order[starts[BAND(i) + 1]++] = (int32_t)i;
#undef BAND
}
