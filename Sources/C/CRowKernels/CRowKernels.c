#include "CRowKernels.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

typedef float floats __attribute__((vector_size(32), aligned(4)));
typedef double doubles __attribute__((vector_size(64), aligned(8)));

enum { lanes = 8 };

INLINE double square(const float *row, size_t width, double weight, double *sums) {
  doubles squares = {0};
  size_t k = 0;
  for (; k + lanes <= width; k += lanes) {
    const doubles eight = __builtin_convertvector(*(const floats *)(row + k), doubles);
    squares += eight * eight;
    if (sums) *(doubles *)(sums + k) += eight * weight;
  }
  for (size_t lane = 0; k < width; k++, lane++) {
    const double value = (double)row[k];
    squares[lane] += value * value;
    if (sums) sums[k] += value * weight;
  }
  return ((squares[0] + squares[4]) + (squares[2] + squares[6]))
      + ((squares[1] + squares[5]) + (squares[3] + squares[7]));
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static double square_avx2(
    const float *row, size_t width, double weight, double *sums) {
  return square(row, width, weight, sums);
}
#endif

INLINE double square_best(const float *row, size_t width, double weight, double *sums) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return square_avx2(row, width, weight, sums);
#endif
  return square(row, width, weight, sums);
}

double crk_square(const float *row, size_t width) { return square_best(row, width, 0, NULL); }

double crk_add(const float *row, size_t width, double weight, double *sums) {
  return square_best(row, width, weight, sums);
}
