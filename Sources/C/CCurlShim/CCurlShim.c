#include "CCurlShim.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

// Header lines of an answer beyond this are refused.
enum { HEADER_LIMIT = 65536 };

typedef struct {
  unsigned char *bytes;
  size_t size, capacity, limit;
  int overflowed;
} buffer;

struct d2r_curl {
  CURL *easy;
  buffer body, header;
  char message[CURL_ERROR_SIZE];
};

static size_t append(const char *bytes, size_t size, size_t count, void *into) {
  buffer *buffer = into;
  size_t length = size * count;
  if (length > buffer->limit - buffer->size) {
    buffer->overflowed = 1;
    return 0;
  }
  if (length > buffer->capacity - buffer->size) {
    size_t capacity = buffer->capacity ? buffer->capacity : 4096;
    while (capacity - buffer->size < length) capacity *= 2;
    unsigned char *larger = realloc(buffer->bytes, capacity);
    if (!larger) return 0;
    buffer->bytes = larger;
    buffer->capacity = capacity;
  }
  memcpy(buffer->bytes + buffer->size, bytes, length);
  buffer->size += length;
  return length;
}

static void empty(buffer *buffer, size_t limit) {
  buffer->size = 0;
  buffer->limit = limit;
  buffer->overflowed = 0;
}

int d2r_curl_prepare(void) { return curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK; }

d2r_curl *d2r_curl_open(void) {
  d2r_curl *handle = calloc(1, sizeof *handle);
  if (!handle) return NULL;
  handle->easy = curl_easy_init();
  if (!handle->easy) {
    free(handle);
    return NULL;
  }
  return handle;
}

void d2r_curl_close(d2r_curl *handle) {
  if (!handle) return;
  curl_easy_cleanup(handle->easy);
  free(handle->body.bytes);
  free(handle->header.bytes);
  free(handle);
}

static d2r_curl_fault fault_of(CURLcode code, const d2r_curl *handle) {
  if (handle->body.overflowed || handle->header.overflowed) return D2R_CURL_TOO_LARGE;
  switch (code) {
    case CURLE_OK: return D2R_CURL_OK;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT: return D2R_CURL_BAD_ADDRESS;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return D2R_CURL_UNREACHABLE;
    case CURLE_OPERATION_TIMEDOUT: return D2R_CURL_TIMED_OUT;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return D2R_CURL_CUT_OFF;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return D2R_CURL_INSECURE;
    case CURLE_FILESIZE_EXCEEDED: return D2R_CURL_TOO_LARGE;
    default: return D2R_CURL_FAILED;
  }
}

static void set_up(d2r_curl *handle, const d2r_curl_request *request, struct curl_slist *lines) {
  CURL *easy = handle->easy;
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request->url);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, request->timeout_ms);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  if (request->ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_file);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, handle->message);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &handle->body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &handle->header);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
  if (strcmp(request->method, "POST") == 0) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
  }
}

d2r_curl_answer d2r_curl_perform(d2r_curl *handle, const d2r_curl_request *request) {
  d2r_curl_answer answer;
  memset(&answer, 0, sizeof answer);
  handle->message[0] = 0;
  empty(&handle->body, request->body_limit);
  empty(&handle->header, HEADER_LIMIT);
  // Without this line libcurl waits up to a second for "100 Continue".
  struct curl_slist *lines = curl_slist_append(NULL, "Expect:");
  for (size_t index = 0; lines && index < request->header_count; index++) {
    struct curl_slist *longer = curl_slist_append(lines, request->headers[index]);
    if (!longer) curl_slist_free_all(lines);
    lines = longer;
  }
  if (!lines) {
    answer.fault = D2R_CURL_FAILED;
    answer.message = "out of memory";
    return answer;
  }
  set_up(handle, request, lines);
  CURLcode code = curl_easy_perform(handle->easy);
  curl_easy_setopt(handle->easy, CURLOPT_HTTPHEADER, NULL);
  curl_slist_free_all(lines);
  curl_easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.fault = fault_of(code, handle);
  answer.message = handle->message[0] ? handle->message : curl_easy_strerror(code);
  answer.body = handle->body.bytes;
  answer.body_size = handle->body.size;
  answer.header = (const char *)handle->header.bytes;
  answer.header_size = handle->header.size;
  return answer;
}
