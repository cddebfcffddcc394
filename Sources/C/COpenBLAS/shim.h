#pragma once
#include <cblas.h>

// Debian's libopenblas carries LAPACK's Fortran symbols, but no header declares them: symmetric
// eigenproblem, divide and conquer (https://netlib.org/lapack, ssyevd). Arguments as in LAPACK.
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info);

// Bits of the longest vectors that OpenBLAS has kernels for and this processor can multiply.
static inline int blas_vector_bits(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
    return 512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 256;
#endif
  return 0;
}
