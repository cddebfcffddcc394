#pragma once
// A plain C face for the little of libmicrohttpd that a server needs: its start call is variadic,
// which Swift cannot call.
//
// A few threads wait for all connections by epoll. A complete request is handed out and its
// connection put aside until it is answered, from any thread.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct d2r_server d2r_server;
// One request; valid until `gone` was called for it.
typedef struct d2r_exchange d2r_exchange;
// A body that is sent as it comes.
typedef struct d2r_stream d2r_stream;

typedef struct {
  void *context;
  // The head is there. Answer with d2r_exchange_answer to refuse the body, or set its limit with
  // d2r_exchange_accept; called on the server's thread, so be quick.
  void (*head)(void *context, d2r_exchange *exchange);
  // The body is there. Answer at any time, once, from any thread.
  void (*request)(void *context, d2r_exchange *exchange);
  // A line of the library's log; valid during the call.
  void (*log)(void *context, const char *line);
} d2r_server_callbacks;

typedef struct {
  int listening;           // a listening socket; the server closes it
  unsigned threads;
  unsigned connections;    // most at once
  unsigned idle_seconds;   // without a byte in either direction
  unsigned request_seconds;  // for a whole request to arrive, from the connection's start or the last answer
  size_t connection_memory;  // bytes for one connection's head and buffers
  const char *certificate;   // PEM texts, or NULL for plain HTTP
  const char *key;
} d2r_server_settings;

// NULL where it cannot be started.
d2r_server *d2r_server_start(const d2r_server_settings *settings, d2r_server_callbacks callbacks);
// Takes no further connections.
void d2r_server_quiesce(d2r_server *server);
// Ends it. Every request must have been answered, and every stream finished.
void d2r_server_stop(d2r_server *server);
// Connections open now.
unsigned d2r_server_connections(d2r_server *server);
int d2r_server_has_tls(void);

// What was asked, valid as long as the exchange.
const char *d2r_exchange_method(const d2r_exchange *exchange);
const char *d2r_exchange_target(const d2r_exchange *exchange);
const char *d2r_exchange_peer(const d2r_exchange *exchange);
// Calls `body` for every header line; only from the callbacks.
void d2r_exchange_headers(d2r_exchange *exchange, void *context,
                          void (*body)(void *context, const char *name, const char *value));
const uint8_t *d2r_exchange_body(const d2r_exchange *exchange, size_t *size);
// Takes a body of so many bytes; a longer one is refused with status 413 and `too_large`.
void d2r_exchange_accept(d2r_exchange *exchange, size_t limit);

typedef struct {
  unsigned status;
  const char *const *headers;  // names and values in turn
  size_t header_count;         // pairs
  const void *body;            // copied
  size_t body_size;
  int file;                    // a descriptor to send and close, or -1
  uint64_t file_size;
  d2r_stream *stream;          // or NULL; the answer keeps a reference of its own
} d2r_answer;

// 0, or -1 where there was no memory: then the connection is closed.
int d2r_exchange_answer(d2r_exchange *exchange, const d2r_answer *answer);

// One reference is the caller's.
d2r_stream *d2r_stream_make(size_t limit);
void d2r_stream_release(d2r_stream *stream);
// 0; 1 where the reader is gone; 2 where more than `limit` bytes would wait, and nothing was taken.
int d2r_stream_push(d2r_stream *stream, const void *bytes, size_t count);
void d2r_stream_finish(d2r_stream *stream);

// Listening sockets, or the negated errno. `port` 0 takes a free one and `port` tells which.
int d2r_listen_tcp(const char *address, uint16_t *port);
// The file is made for its owner only; one that nobody listens at is replaced.
int d2r_listen_unix(const char *path);
// 1 where only this machine can reach a listening socket.
int d2r_socket_is_local(int socket);

#ifdef __cplusplus
}
#endif
