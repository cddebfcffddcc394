#include "CFaissShim.h"

#include <cstdio>
#include <exception>
#include <memory>

#include <faiss/AutoTune.h>
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVF.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/index_factory.h>

// The two calls of the GNU OpenMP runtime used here; clang ships no omp.h for it.
extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_max_threads(void);

struct CFaissIndex {
  std::unique_ptr<faiss::Index> index;
};

struct CFaissRange {
  faiss::RangeSearchResult result;
  explicit CFaissRange(int64_t count) : result(count) {}
};

namespace {

// The one place that sets OpenMP's threads. The setting belongs to the calling thread and is put
// back: parallel work is done by the callers, one block of queries per thread.
class SingleThread {
  int before = omp_get_max_threads();

 public:
  SingleThread() { omp_set_num_threads(1); }
  ~SingleThread() { omp_set_num_threads(before); }
};

// The whole exception policy of the shim.
template <typename Body>
int guarded(CFaissMessage message, Body body) {
  try {
    SingleThread single;
    body();
    return 0;
  } catch (const std::exception &error) {
    std::snprintf(message.text, message.capacity, "%s", error.what());
    return 1;
  } catch (...) {
    std::snprintf(message.text, message.capacity, "unknown C++ exception");
    return 2;
  }
}

// faiss prints a warning to the error stream for every cluster with fewer training rows than this.
void allow_small_clusters(faiss::Index *index) {
  if (auto ivf = dynamic_cast<faiss::IndexIVF *>(index)) ivf->cp.min_points_per_centroid = 1;
}

// Asks for the neighbours of one row above any possible similarity: kinds of index without range
// search throw before they look.
bool has_range_search(const faiss::Index &index, const float *row) {
  try {
    faiss::RangeSearchResult result(1);
    index.range_search(1, row, 1e30f, &result);
    return true;
  } catch (const std::exception &) {
    return false;
  }
}

}  // namespace

extern "C" int cfaiss_build(
    const char *factory, const char *settings, int width, int64_t count, const float *rows,
    CFaissIndex **index, CFaissAbilities *abilities, CFaissMessage message) {
  return guarded(message, [&] {
    std::unique_ptr<faiss::Index> made(
        faiss::index_factory(width, factory, faiss::METRIC_INNER_PRODUCT));
    allow_small_clusters(made.get());
    if (!made->is_trained) made->train(count, rows);
    made->add(count, rows);
    if (*settings) faiss::ParameterSpace().set_index_parameters(made.get(), settings);
    abilities->is_exact = dynamic_cast<faiss::IndexFlat *>(made.get()) != nullptr;
    abilities->has_range_search = has_range_search(*made, rows);
    *index = new CFaissIndex{std::move(made)};
  });
}

extern "C" void cfaiss_free(CFaissIndex *index) { delete index; }

extern "C" int cfaiss_search(
    const CFaissIndex *index, int64_t count, const float *queries, int64_t k, float *similarities,
    int64_t *labels, CFaissMessage message) {
  return guarded(
      message, [&] { index->index->search(count, queries, k, similarities, labels); });
}

extern "C" int cfaiss_range(
    const CFaissIndex *index, int64_t count, const float *queries, float floor,
    CFaissRange **range, CFaissMessage message) {
  return guarded(message, [&] {
    auto answer = std::make_unique<CFaissRange>(count);
    index->index->range_search(count, queries, floor, &answer->result);
    *range = answer.release();
  });
}

extern "C" const size_t *cfaiss_range_limits(const CFaissRange *range) {
  return range->result.lims;
}

extern "C" const int64_t *cfaiss_range_labels(const CFaissRange *range) {
  return range->result.labels;
}

extern "C" void cfaiss_range_free(CFaissRange *range) { delete range; }
