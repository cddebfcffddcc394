#pragma once
#include <stddef.h>
#include <stdint.h>

// The inner loops of a t-SNE gradient. Every function gives the same bits whether it runs on AVX2 or
// not: eight lanes, a fixed order, no fused multiply-add.

/// Splines of order 6 (degree 5): each point touches this many nodes per direction. Columns of a
/// transform come in groups of `cmk_group`.
enum { cmk_order = 6, cmk_lanes = 8, cmk_group = 4, cmk_band = 8 };

/// A symmetric matrix of affinities by rows. Rows are padded to whole lanes with entries of weight 0
/// that name the row itself.
typedef struct {
  /// Entry range of row i: starts[i] ..< starts[i + 1], both multiples of cmk_lanes.
  const int64_t *starts;
  const int32_t *neighbours;
  const float *weights;
} cmk_matrix;

/// A layout and where its points lie on a grid.
typedef struct {
  const float *x;
  const float *y;
  /// The place of node (0, 0).
  float x0;
  float y0;
  /// Nodes per unit.
  float scale;
} cmk_layout;

/// Per row first ..< last: sums over its entries of w (a_i - a_j) / (1 + d_ij^2), for both coordinates.
/// `xy` holds x and y of every point side by side.
void cmk_attract(
    const cmk_matrix *matrix, const float *xy, size_t first, size_t last, float *ax, float *ay);

/// Sorts points into bands of `cmk_band` rows of a grid, in order within each: `starts[b]` ..<
/// `starts[b + 1]` are those of band b in `order`. `starts` has room for `bands` + 2 numbers.
void cmk_bands(
    const cmk_layout *layout, size_t count, size_t bands, int64_t *starts, int32_t *order);

/// Adds a spline of weight 1 for each listed point to a grid of `stride` floats per row. Nodes from
/// 2 before to 3 after the point's own are touched, in rows of 8 floats.
void cmk_spread(
    const cmk_layout *layout, const int32_t *points, size_t count, float *grid, size_t stride);

/// Reads two fields at the points first ..< last: the same splines over the same nodes.
void cmk_read(
    const cmk_layout *layout, size_t first, size_t last, const float *grid_x, const float *grid_y,
    size_t stride, float *fx, float *fy);

/// For `rows` rows of `cmk_group` complex numbers, an even number of rows: `value` times i * kernel_y goes
/// to `other`, `value` times i * kernel_x replaces it. Kernels have a float for each number.
/// Returns the sum of |value|^2 * kernel_sum, each column as often as `columns` says.
double cmk_convolve(
    float *value, float *other, size_t rows, const float *kernel_sum, const float *kernel_x,
    const float *kernel_y, const float *columns);

/// The sum of 1 / (1 + d_ij^2) over all pairs i < j with first <= i < last.
double cmk_pairs(const float *x, const float *y, size_t count, size_t first, size_t last);

/// x and y of every point side by side.
void cmk_pair(const float *x, const float *y, size_t count, float *xy);

/// The least and the greatest of at least one value; not a number where the first is none.
void cmk_range(const float *values, size_t count, float *least, float *greatest);

/// 4 (exaggeration * pull - share * push).
void cmk_gradient(
    const float *pull, const float *push, size_t count, float exaggeration, float share,
    float *gradient);

/// One step of one coordinate. A gain shrinks by a fifth where gradient and velocity have one sign, so that
/// the point turns, never below 0.01, and grows by 0.2 where not. Returns the sum of the places.
double cmk_move(
    const float *gradient, size_t count, float rate, float momentum, float *gains,
    float *velocities, float *places);
