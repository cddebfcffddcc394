#pragma once
// A C face for the little of faiss 1.7.3 that VectorSearch needs: Debian ships faiss as a static
// C++ library without its C interface compiled, and Swift cannot catch C++ exceptions.
//
// Every call that can fail returns 0 when it worked. Otherwise it returns another number and puts
// a sentence, ended by a zero and cut to `capacity` bytes, into `message`. Nothing is written to
// the other results then.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CFaissIndex CFaissIndex;
typedef struct CFaissRange CFaissRange;

typedef struct {
  char *text;
  int capacity;
} CFaissMessage;

// What a new index can do.
typedef struct {
  int is_exact;
  int has_range_search;
} CFaissAbilities;

// Makes an inner-product index by faiss's factory string over `count` rows of `width` floats.
// `settings` are search-time parameters such as "nprobe=16", or "". Uses one thread, because
// training and graph building depend on the number of threads. Free it with `cfaiss_free`.
int cfaiss_build(
    const char *factory, const char *settings, int width, int64_t count, const float *rows,
    CFaissIndex **index, CFaissAbilities *abilities, CFaissMessage message);

void cfaiss_free(CFaissIndex *index);

// The `k` best targets of each of `count` queries: `count * k` similarities and labels, best first,
// label -1 where there are fewer. Safe from several threads; each call uses one thread.
int cfaiss_search(
    const CFaissIndex *index, int64_t count, const float *queries, int64_t k, float *similarities,
    int64_t *labels, CFaissMessage message);

// All targets with similarity above (not at) `floor`. Safe from several threads; each call uses
// one thread. Free the answer with `cfaiss_range_free`.
int cfaiss_range(
    const CFaissIndex *index, int64_t count, const float *queries, float floor,
    CFaissRange **range, CFaissMessage message);

// `count + 1` numbers: query `i` owns the labels from limits[i] up to limits[i + 1].
const size_t *cfaiss_range_limits(const CFaissRange *range);

// Labels in no order.
const int64_t *cfaiss_range_labels(const CFaissRange *range);

void cfaiss_range_free(CFaissRange *range);

#ifdef __cplusplus
}
#endif
