#pragma once
#include <stddef.h>

// Sums over one row of floats, in double. Every function gives the same bits whether it runs on AVX2 or not:
// column k in lane k % 8, lanes added in a fixed order, no fused multiply-add.

/// The sum of row[k]^2.
double crk_square(const float *row, size_t width);

/// sums[k] += weight * row[k]. Returns what `crk_square` does.
double crk_add(const float *row, size_t width, double weight, double *sums);
