#pragma once
#include <cblas.h>

// Debian's libopenblas carries LAPACK's Fortran symbols, but no header declares them: symmetric
// eigenproblem, divide and conquer (https://netlib.org/lapack, ssyevd). Arguments as in LAPACK.
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info);
