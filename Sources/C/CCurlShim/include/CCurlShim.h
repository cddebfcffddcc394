#pragma once
// A plain C face for the little of libcurl that HTTP needs: its option calls are variadic, which
// Swift cannot call.
//
// One handle is one line of calls with its own kept-alive connection; it is used by one thread at a
// time. Redirects are not followed, no proxy of the environment is used, and only http and https
// are spoken.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct d2r_curl d2r_curl;

typedef enum {
  D2R_CURL_OK = 0,
  D2R_CURL_BAD_ADDRESS,
  D2R_CURL_UNREACHABLE,
  D2R_CURL_TIMED_OUT,
  D2R_CURL_CUT_OFF,
  D2R_CURL_INSECURE,
  D2R_CURL_TOO_LARGE,
  D2R_CURL_FAILED
} d2r_curl_fault;

// Strings end with a zero and are read during the call only. `ca_file` is NULL for the system's
// authorities. `headers` are whole lines, without line ends.
typedef struct {
  const char *method;
  const char *url;
  const char *ca_file;
  const char *const *headers;
  size_t header_count;
  const void *body;
  size_t body_size;
  long timeout_ms;
  long connect_timeout_ms;
  size_t body_limit;
} d2r_curl_request;

// The answer of the latest call; owned by the handle, valid until its next call.
typedef struct {
  d2r_curl_fault fault;
  long status;
  const unsigned char *body;
  size_t body_size;
  const char *header;
  size_t header_size;
  const char *message;
} d2r_curl_answer;

// Once per process, before any handle is opened; 0 when it worked.
int d2r_curl_prepare(void);
// NULL where there is no memory.
d2r_curl *d2r_curl_open(void);
void d2r_curl_close(d2r_curl *handle);
d2r_curl_answer d2r_curl_perform(d2r_curl *handle, const d2r_curl_request *request);

#ifdef __cplusplus
}
#endif
