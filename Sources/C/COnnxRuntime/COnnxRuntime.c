#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// MARK: the library's table

typedef struct OrtStatus OrtStatus;

typedef struct {
  const void *(*get_api)(uint32_t version);
  const char *(*get_version_string)(void);
} ApiBase;

enum { API_VERSION = 11 };

enum slot {
  GET_ERROR_MESSAGE = 2,
  CREATE_ENV = 3,
  DISABLE_TELEMETRY = 6,
  CREATE_SESSION = 7,
  CREATE_SESSION_FROM_ARRAY = 8,
  RUN = 9,
  CREATE_SESSION_OPTIONS = 10,
  SET_LOG_SEVERITY = 22,
  SET_OPTIMIZATION_LEVEL = 23,
  SET_INTRA_OP_THREADS = 24,
  SET_INTER_OP_THREADS = 25,
  INPUT_COUNT = 30,
  OUTPUT_COUNT = 31,
  INPUT_TYPE_INFO = 33,
  OUTPUT_TYPE_INFO = 34,
  INPUT_NAME = 36,
  OUTPUT_NAME = 37,
  CREATE_TENSOR_WITH_DATA = 49,
  IS_TENSOR = 50,
  TENSOR_DATA = 51,
  CAST_TO_TENSOR_INFO = 55,
  ELEMENT_TYPE = 60,
  DIMENSIONS_COUNT = 61,
  DIMENSIONS = 62,
  SHAPE_ELEMENT_COUNT = 64,
  TENSOR_TYPE_AND_SHAPE = 65,
  CREATE_CPU_MEMORY_INFO = 69,
  ALLOCATOR_FREE = 76,
  DEFAULT_ALLOCATOR = 78,
  RELEASE_ENV = 92,
  RELEASE_STATUS = 93,
  RELEASE_MEMORY_INFO = 94,
  RELEASE_SESSION = 95,
  RELEASE_VALUE = 96,
  RELEASE_TYPE_INFO = 98,
  RELEASE_TENSOR_INFO = 99,
  RELEASE_SESSION_OPTIONS = 100,
  ADD_CONFIG_ENTRY = 130,
};

typedef void (*AnyFunction)(void);

struct d2r_ort_library {
  const AnyFunction *api;
  char *version;
  void *env;
  void *cpu;        // OrtMemoryInfo: plain memory
  void *allocator;  // borrowed from the library
};

struct d2r_ort_session {
  const d2r_ort_library *library;
  void *handle;
  d2r_ort_port *ports[2];
  size_t port_count[2];
};

// The function in a slot, as one that returns a status and takes the given arguments, or as one
// that releases a handle.
#define STATUS_FN(library, slot, ...) ((OrtStatus * (*)(__VA_ARGS__)) (library)->api[slot])
#define RELEASE(library, slot, handle) ((void (*)(void *))(library)->api[slot])(handle)

// MARK: the funnel of errors

static void say(char *message, size_t capacity, const char *text) {
  if (capacity == 0) return;
  snprintf(message, capacity, "%s", text);
  for (char *c = message; *c; c++)
    if (*c == '\n' || *c == '\r') *c = ' ';
}

// True when `status` is a failure, whose text is then in `message`; the status is released.
static int failed(
    const d2r_ort_library *library, OrtStatus *status, char *message, size_t capacity) {
  if (!status) return 0;
  const char *text =
      ((const char *(*)(const OrtStatus *))library->api[GET_ERROR_MESSAGE])(status);
  say(message, capacity, text ? text : "unknown error");
  RELEASE(library, RELEASE_STATUS, status);
  return 1;
}

#define TRY(expression) \
  if (failed(library, (expression), message, capacity)) goto failure

// MARK: the library

// Only fatal messages reach the terminal: errors come back as statuses.
enum { LOG_FATAL_ONLY = 4, ALL_OPTIMIZATIONS = 99 };

static const ApiBase *api_base(const char *path, char *message, size_t capacity) {
  // Never closed: the library keeps threads and thread-local state that outlive any one user.
  void *file = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!file) {
    const char *reason = dlerror();
    say(message, capacity, reason ? reason : "cannot be loaded");
    return NULL;
  }
  const ApiBase *(*entry)(void) = (const ApiBase *(*)(void))dlsym(file, "OrtGetApiBase");
  if (!entry) say(message, capacity, "it is a library, but not ONNX Runtime");
  return entry ? entry() : NULL;
}

d2r_ort_library *d2r_ort_open(const char *path, char *message, size_t capacity) {
  const ApiBase *base = api_base(path, message, capacity);
  if (!base) return NULL;
  d2r_ort_library *library = calloc(1, sizeof *library);
  if (!library) {
    say(message, capacity, "out of memory");
    return NULL;
  }
  const char *version = base->get_version_string();
  library->version = strdup(version ? version : "unknown");
  library->api = base->get_api(API_VERSION);
  if (!library->api) {
    say(message, capacity, "its version is too old");
    goto failure;
  }
  TRY(STATUS_FN(library, CREATE_ENV, int, const char *, void **)(
      LOG_FATAL_ONLY, "d2r-curate", &library->env));
  TRY(STATUS_FN(library, DISABLE_TELEMETRY, void *)(library->env));
  TRY(STATUS_FN(library, CREATE_CPU_MEMORY_INFO, int, int, void **)(0, 0, &library->cpu));
  TRY(STATUS_FN(library, DEFAULT_ALLOCATOR, void **)(&library->allocator));
  return library;
failure:
  d2r_ort_close(library);
  return NULL;
}

void d2r_ort_close(d2r_ort_library *library) {
  if (library->cpu) RELEASE(library, RELEASE_MEMORY_INFO, library->cpu);
  if (library->env) RELEASE(library, RELEASE_ENV, library->env);
  free(library->version);
  free(library);
}

const char *d2r_ort_version(const d2r_ort_library *library) { return library->version; }

// MARK: what a network declares

// Type and shape of `info`, an OrtTensorTypeAndShapeInfo, into `port`.
static int read_shape(
    const d2r_ort_library *library, const void *info, d2r_ort_port *port, char *message,
    size_t capacity) {
  TRY(STATUS_FN(library, ELEMENT_TYPE, const void *, int *)(info, &port->element_type));
  TRY(STATUS_FN(library, DIMENSIONS_COUNT, const void *, size_t *)(info, &port->rank));
  if (port->rank > D2R_ORT_MAX_RANK) {
    say(message, capacity, "a tensor has more than 16 dimensions");
    goto failure;
  }
  TRY(STATUS_FN(library, DIMENSIONS, const void *, int64_t *, size_t)(
      info, port->dims, port->rank));
  return 0;
failure:
  return 1;
}

// Describes one input or output; something that is no tensor gets element type 0.
static int read_port(
    d2r_ort_session *session, int output, size_t index, char *message, size_t capacity) {
  const d2r_ort_library *library = session->library;
  d2r_ort_port *port = &session->ports[output][index];
  void *type_info = NULL;
  const void *tensor_info = NULL;
  char *name = NULL;
  TRY(STATUS_FN(library, output ? OUTPUT_NAME : INPUT_NAME, void *, size_t, void *, char **)(
      session->handle, index, library->allocator, &name));
  port->name = strdup(name);
  TRY(STATUS_FN(library, ALLOCATOR_FREE, void *, void *)(library->allocator, name));
  TRY(STATUS_FN(library, output ? OUTPUT_TYPE_INFO : INPUT_TYPE_INFO, void *, size_t, void **)(
      session->handle, index, &type_info));
  TRY(STATUS_FN(library, CAST_TO_TENSOR_INFO, void *, const void **)(type_info, &tensor_info));
  if (tensor_info && read_shape(library, tensor_info, port, message, capacity)) goto failure;
  RELEASE(library, RELEASE_TYPE_INFO, type_info);
  return 0;
failure:
  if (type_info) RELEASE(library, RELEASE_TYPE_INFO, type_info);
  return 1;
}

static int read_ports(d2r_ort_session *session, int output, char *message, size_t capacity) {
  const d2r_ort_library *library = session->library;
  size_t count = 0;
  TRY(STATUS_FN(library, output ? OUTPUT_COUNT : INPUT_COUNT, void *, size_t *)(
      session->handle, &count));
  session->ports[output] = calloc(count ? count : 1, sizeof(d2r_ort_port));
  if (!session->ports[output]) {
    say(message, capacity, "out of memory");
    goto failure;
  }
  session->port_count[output] = count;
  for (size_t index = 0; index < count; index++)
    if (read_port(session, output, index, message, capacity)) goto failure;
  return 0;
failure:
  return 1;
}

// MARK: sessions

static int create_handle(
    d2r_ort_session *session, const d2r_ort_model *model, void *options, char *message,
    size_t capacity) {
  const d2r_ort_library *library = session->library;
  if (model->path) {
    TRY(STATUS_FN(library, CREATE_SESSION, void *, const char *, void *, void **)(
        library->env, model->path, options, &session->handle));
  } else {
    TRY(STATUS_FN(
        library, CREATE_SESSION_FROM_ARRAY, void *, const void *, size_t, void *, void **)(
        library->env, model->bytes, model->byte_count, options, &session->handle));
  }
  return 0;
failure:
  return 1;
}

// The one place where threads and optimisation are chosen. Waiting threads sleep: a spinning
// one would take a core from the caller's own threads.
static int set_options(
    const d2r_ort_library *library, void *options, int threads, char *message, size_t capacity) {
  TRY(STATUS_FN(library, SET_LOG_SEVERITY, void *, int)(options, LOG_FATAL_ONLY));
  TRY(STATUS_FN(library, SET_OPTIMIZATION_LEVEL, void *, int)(options, ALL_OPTIMIZATIONS));
  TRY(STATUS_FN(library, SET_INTRA_OP_THREADS, void *, int)(options, threads));
  TRY(STATUS_FN(library, SET_INTER_OP_THREADS, void *, int)(options, 1));
  TRY(STATUS_FN(library, ADD_CONFIG_ENTRY, void *, const char *, const char *)(
      options, "session.intra_op.allow_spinning", "0"));
  return 0;
failure:
  return 1;
}

d2r_ort_session *d2r_ort_session_open(
    const d2r_ort_library *library, const d2r_ort_model *model, char *message, size_t capacity) {
  void *options = NULL;
  d2r_ort_session *session = calloc(1, sizeof *session);
  if (!session) {
    say(message, capacity, "out of memory");
    return NULL;
  }
  session->library = library;
  TRY(STATUS_FN(library, CREATE_SESSION_OPTIONS, void **)(&options));
  if (set_options(library, options, model->threads, message, capacity)) goto failure;
  if (create_handle(session, model, options, message, capacity)) goto failure;
  if (read_ports(session, 0, message, capacity)) goto failure;
  if (read_ports(session, 1, message, capacity)) goto failure;
  RELEASE(library, RELEASE_SESSION_OPTIONS, options);
  return session;
failure:
  if (options) RELEASE(library, RELEASE_SESSION_OPTIONS, options);
  d2r_ort_session_close(session);
  return NULL;
}

void d2r_ort_session_close(d2r_ort_session *session) {
  for (int output = 0; output < 2; output++) {
    for (size_t index = 0; index < session->port_count[output]; index++)
      free((char *)session->ports[output][index].name);
    free(session->ports[output]);
  }
  if (session->handle) RELEASE(session->library, RELEASE_SESSION, session->handle);
  free(session);
}

size_t d2r_ort_session_port_count(const d2r_ort_session *session, int output) {
  return session->port_count[output ? 1 : 0];
}

const d2r_ort_port *d2r_ort_session_port(
    const d2r_ort_session *session, int output, size_t index) {
  return &session->ports[output ? 1 : 0][index];
}

// MARK: runs

// Wraps the caller's buffer as an OrtValue without copying it.
static int wrap(
    const d2r_ort_library *library, const d2r_ort_input *input, void **value, char *message,
    size_t capacity) {
  TRY(STATUS_FN(
      library, CREATE_TENSOR_WITH_DATA, void *, void *, size_t, const int64_t *, size_t, int,
      void **)(
      library->cpu, (void *)input->data, input->byte_count, input->shape, input->rank,
      input->element_type, value));
  return 0;
failure:
  return 1;
}

static void release_all(const d2r_ort_library *library, void **values, size_t count) {
  for (size_t index = 0; index < count; index++) {
    if (values[index]) RELEASE(library, RELEASE_VALUE, values[index]);
    values[index] = NULL;
  }
}

int d2r_ort_run(
    const d2r_ort_session *session, const d2r_ort_input *inputs, size_t input_count,
    const char *const *outputs, size_t output_count, d2r_ort_value **values, char *message,
    size_t capacity) {
  const d2r_ort_library *library = session->library;
  const char **names = calloc(input_count + 1, sizeof *names);
  void **wrapped = calloc(input_count + 1, sizeof *wrapped);
  int result = 1;
  memset(values, 0, output_count * sizeof *values);
  if (!names || !wrapped) {
    say(message, capacity, "out of memory");
    goto failure;
  }
  for (size_t index = 0; index < input_count; index++) {
    names[index] = inputs[index].name;
    if (wrap(library, &inputs[index], &wrapped[index], message, capacity)) goto failure;
  }
  TRY(STATUS_FN(
      library, RUN, void *, const void *, const char *const *, void *const *, size_t,
      const char *const *, size_t, void **)(
      session->handle, NULL, names, wrapped, input_count, outputs, output_count,
      (void **)values));
  result = 0;
failure:
  if (result) release_all(library, (void **)values, output_count);
  if (wrapped) release_all(library, wrapped, input_count);
  free(names);
  free(wrapped);
  return result;
}

int d2r_ort_run_into(
    const d2r_ort_session *session, const d2r_ort_input *inputs, size_t input_count,
    const d2r_ort_input *outputs, size_t output_count, char *message, size_t capacity) {
  const d2r_ort_library *library = session->library;
  size_t count = input_count + output_count;
  const char **names = calloc(count + 1, sizeof *names);
  void **wrapped = calloc(count + 1, sizeof *wrapped);
  int result = 1;
  if (!names || !wrapped) {
    say(message, capacity, "out of memory");
    goto failure;
  }
  for (size_t index = 0; index < count; index++) {
    const d2r_ort_input *port =
        index < input_count ? &inputs[index] : &outputs[index - input_count];
    names[index] = port->name;
    if (wrap(library, port, &wrapped[index], message, capacity)) goto failure;
  }
  TRY(STATUS_FN(
      library, RUN, void *, const void *, const char *const *, void *const *, size_t,
      const char *const *, size_t, void **)(
      session->handle, NULL, names, wrapped, input_count, names + input_count, output_count,
      wrapped + input_count));
  result = 0;
failure:
  if (wrapped) release_all(library, wrapped, count);
  free(names);
  free(wrapped);
  return result;
}

int d2r_ort_value_read(
    const d2r_ort_session *session, d2r_ort_value *value, d2r_ort_port *description,
    const void **data, size_t *element_count, char *message, size_t capacity) {
  const d2r_ort_library *library = session->library;
  void *info = NULL;
  int is_tensor = 0;
  int result = 1;
  description->name = NULL;
  TRY(STATUS_FN(library, IS_TENSOR, void *, int *)(value, &is_tensor));
  if (!is_tensor) {
    say(message, capacity, "the output is not a tensor");
    goto failure;
  }
  TRY(STATUS_FN(library, TENSOR_TYPE_AND_SHAPE, void *, void **)(value, &info));
  if (read_shape(library, info, description, message, capacity)) goto failure;
  TRY(STATUS_FN(library, SHAPE_ELEMENT_COUNT, const void *, size_t *)(info, element_count));
  TRY(STATUS_FN(library, TENSOR_DATA, void *, void **)(value, (void **)data));
  result = 0;
failure:
  if (info) RELEASE(library, RELEASE_TENSOR_INFO, info);
  return result;
}

void d2r_ort_value_release(const d2r_ort_session *session, d2r_ort_value *value) {
  if (value) RELEASE(session->library, RELEASE_VALUE, value);
}
