#pragma once
#include <stddef.h>
#include <stdint.h>

// ONNX Runtime, opened while the program runs. Debian has no package with its header, so the
// functions are taken from the library's own table by slot number; the order of that table is
// frozen by ONNX Runtime's promise of binary compatibility (API version 11 and later).
//
// Every function that can fail writes one line into the caller's `message` and returns NULL or
// a number other than 0. Handles are freed by their `close` or `release` function only.

#ifdef __cplusplus
extern "C" {
#endif

typedef struct d2r_ort_library d2r_ort_library;
typedef struct d2r_ort_session d2r_ort_session;
typedef struct d2r_ort_value d2r_ort_value;

// What a session is opened with; `path` or (`bytes`, `byte_count`), the other one zero.
typedef struct {
  const char *path;
  const void *bytes;
  size_t byte_count;
  int threads;
} d2r_ort_model;

// One input of a run. `data` is read during the run only and is not copied.
typedef struct {
  const char *name;
  const void *data;
  size_t byte_count;
  const int64_t *shape;
  size_t rank;
  int element_type;
} d2r_ort_input;

// One input or output a network declares. `rank` is at most D2R_ORT_MAX_RANK; a dimension the
// network leaves open is negative. `name` lives as long as the session.
enum { D2R_ORT_MAX_RANK = 16 };
typedef struct {
  const char *name;
  int element_type;
  size_t rank;
  int64_t dims[D2R_ORT_MAX_RANK];
} d2r_ort_port;

// Opens the library at `path` (a path, or a bare name for the system's own search) and makes its
// environment. The code itself stays mapped until the process ends, also after `close`.
d2r_ort_library *d2r_ort_open(const char *path, char *message, size_t capacity);
void d2r_ort_close(d2r_ort_library *library);
const char *d2r_ort_version(const d2r_ort_library *library);

// The session must be closed before its library.
d2r_ort_session *d2r_ort_session_open(
    const d2r_ort_library *library, const d2r_ort_model *model, char *message, size_t capacity);
void d2r_ort_session_close(d2r_ort_session *session);
size_t d2r_ort_session_port_count(const d2r_ort_session *session, int output);
const d2r_ort_port *d2r_ort_session_port(const d2r_ort_session *session, int output, size_t index);

// Runs the network; safe from several threads at once. Fills `values` with `output_count`
// handles, each to be released; on failure nothing is left to release.
int d2r_ort_run(
    const d2r_ort_session *session, const d2r_ort_input *inputs, size_t input_count,
    const char *const *outputs, size_t output_count, d2r_ort_value **values, char *message,
    size_t capacity);

// The same, with the results written into the caller's memory: every output is given with the type
// and shape it will have, and its `data` is written to although the type says const.
int d2r_ort_run_into(
    const d2r_ort_session *session, const d2r_ort_input *inputs, size_t input_count,
    const d2r_ort_input *outputs, size_t output_count, char *message, size_t capacity);

// A result: its type, shape, and elements in row-major order, which live until the release.
int d2r_ort_value_read(
    const d2r_ort_session *session, d2r_ort_value *value, d2r_ort_port *description,
    const void **data, size_t *element_count, char *message, size_t capacity);
void d2r_ort_value_release(const d2r_ort_session *session, d2r_ort_value *value);

#ifdef __cplusplus
}
#endif
