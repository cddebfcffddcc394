#define _GNU_SOURCE
#include "CMicroHTTPDShim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// One connection, linked so that the warden can look at all of them.
typedef struct socket_entry {
  struct socket_entry *before, *after;
  int socket;
  int waits;      // for a request to arrive whole
  double since;
} socket_entry;

struct d2r_server {
  struct MHD_Daemon *daemon;
  d2r_server_callbacks callbacks;
  unsigned request_seconds;
  unsigned count;
  pthread_mutex_t lock;
  pthread_cond_t ending;
  int ends;
  pthread_t warden;
  socket_entry all;
};

struct d2r_exchange {
  d2r_server *server;
  struct MHD_Connection *connection;
  char *method;
  char *target;
  char peer[INET6_ADDRSTRLEN];
  uint8_t *body;
  size_t size, room, limit;
  int began;
  int handed_out;
  // Set by the answering thread before it wakes the connection.
  struct MHD_Response *response;
  unsigned status;
};

struct d2r_stream {
  pthread_mutex_t lock;
  int references;
  struct MHD_Connection *connection;
  uint8_t *bytes;
  size_t start, end, room, limit;
  int asleep, finished, gone;
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// MARK: connections

static socket_entry *entry_of(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

static void set_waits(d2r_server *server, struct MHD_Connection *connection, int waits) {
  socket_entry *entry = entry_of(connection);
  if (!entry) return;
  pthread_mutex_lock(&server->lock);
  entry->waits = waits;
  entry->since = now();
  pthread_mutex_unlock(&server->lock);
}

static void notify_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                              enum MHD_ConnectionNotificationCode code) {
  d2r_server *server = context;
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    socket_entry *entry = calloc(1, sizeof *entry);
    if (!entry) return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    entry->socket = info ? info->connect_fd : -1;
    entry->waits = 1;
    entry->since = now();
    int on = 1;
    setsockopt(entry->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    pthread_mutex_lock(&server->lock);
    entry->before = &server->all;
    entry->after = server->all.after;
    server->all.after->before = entry;
    server->all.after = entry;
    server->count++;
    pthread_mutex_unlock(&server->lock);
    *socket_context = entry;
    return;
  }
  socket_entry *entry = *socket_context;
  if (!entry) return;
  pthread_mutex_lock(&server->lock);
  entry->before->after = entry->after;
  entry->after->before = entry->before;
  server->count--;
  pthread_mutex_unlock(&server->lock);
  free(entry);
  *socket_context = NULL;
}

// Cuts connections whose request does not arrive in time, however steadily its bytes trickle in.
static void *watch(void *context) {
  d2r_server *server = context;
  pthread_mutex_lock(&server->lock);
  while (!server->ends) {
    struct timespec next;
    clock_gettime(CLOCK_REALTIME, &next);
    next.tv_sec += 1;
    pthread_cond_timedwait(&server->ending, &server->lock, &next);
    double limit = now() - server->request_seconds;
    for (socket_entry *entry = server->all.after; entry != &server->all; entry = entry->after) {
      if (entry->waits && entry->since < limit && entry->socket >= 0) {
        shutdown(entry->socket, SHUT_RDWR);
        entry->waits = 0;
      }
    }
  }
  pthread_mutex_unlock(&server->lock);
  return NULL;
}

// MARK: requests

static void *log_target(void *context, const char *target, struct MHD_Connection *connection) {
  d2r_exchange *exchange = calloc(1, sizeof *exchange);
  if (!exchange) return NULL;
  exchange->server = context;
  exchange->connection = connection;
  exchange->target = strdup(target);
  return exchange;
}

static void name_peer(d2r_exchange *exchange) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  const struct sockaddr *address = info ? info->client_addr : NULL;
  if (!address) return;
  if (address->sa_family == AF_INET)
    inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, exchange->peer,
              sizeof exchange->peer);
  else if (address->sa_family == AF_INET6)
    inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)address)->sin6_addr, exchange->peer,
              sizeof exchange->peer);
}

// 1 taken, 0 beyond the limit, -1 without memory.
static int take(d2r_exchange *exchange, const char *bytes, size_t count) {
  if (count > exchange->limit - exchange->size) return 0;
  if (exchange->size + count > exchange->room) {
    size_t room = exchange->room ? exchange->room * 2 : 4096;
    while (room < exchange->size + count) room *= 2;
    uint8_t *larger = realloc(exchange->body, room);
    if (!larger) return -1;
    exchange->body = larger;
    exchange->room = room;
  }
  memcpy(exchange->body + exchange->size, bytes, count);
  exchange->size += count;
  return 1;
}

static enum MHD_Result refuse_large(struct MHD_Connection *connection) {
  static const char text[] =
      "{\"code\":\"bodyTooLarge\",\"detail\":\"the body is longer than this request may be\","
      "\"status\":413,\"title\":\"Content Too Large\",\"type\":\"about:blank\"}\n";
  struct MHD_Response *response = MHD_create_response_from_buffer(
      sizeof text - 1, (void *)text, MHD_RESPMEM_PERSISTENT);
  if (!response) return MHD_NO;
  MHD_add_response_header(response, "Content-Type", "application/problem+json");
  MHD_add_response_header(response, "Connection", "close");
  enum MHD_Result result = MHD_queue_response(connection, 413, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result queue(d2r_exchange *exchange) {
  struct MHD_Response *response = exchange->response;
  exchange->response = NULL;
  enum MHD_Result result = MHD_queue_response(exchange->connection, exchange->status, response);
  MHD_destroy_response(response);
  return result;
}

static enum MHD_Result access_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size, void **request) {
  (void)url;
  (void)version;
  d2r_server *server = context;
  d2r_exchange *exchange = *request;
  if (!exchange || !exchange->target) return MHD_NO;
  if (!exchange->began) {
    exchange->began = 1;
    exchange->method = strdup(method);
    if (!exchange->method) return MHD_NO;
    name_peer(exchange);
    server->callbacks.head(server->callbacks.context, exchange);
    return exchange->response ? queue(exchange) : MHD_YES;
  }
  if (*upload_size > 0) {
    int taken = take(exchange, upload, *upload_size);
    if (taken < 0) return MHD_NO;
    // The rest of a body that is too long is read and dropped, so that the answer arrives.
    if (taken == 0) exchange->limit = 0, exchange->size = 0, exchange->status = 413;
    *upload_size = 0;
    return MHD_YES;
  }
  if (exchange->response) return queue(exchange);
  if (exchange->handed_out) return MHD_NO;
  if (exchange->status == 413) return refuse_large(connection);
  exchange->handed_out = 1;
  set_waits(server, connection, 0);
  MHD_suspend_connection(connection);
  server->callbacks.request(server->callbacks.context, exchange);
  return MHD_YES;
}

static void complete(void *context, struct MHD_Connection *connection, void **request,
                     enum MHD_RequestTerminationCode code) {
  (void)code;
  d2r_exchange *exchange = *request;
  set_waits(context, connection, 1);
  if (!exchange) return;
  if (exchange->response) MHD_destroy_response(exchange->response);
  free(exchange->method);
  free(exchange->target);
  free(exchange->body);
  free(exchange);
  *request = NULL;
}

const char *d2r_exchange_method(const d2r_exchange *exchange) { return exchange->method; }
const char *d2r_exchange_target(const d2r_exchange *exchange) { return exchange->target; }
const char *d2r_exchange_peer(const d2r_exchange *exchange) { return exchange->peer; }

const uint8_t *d2r_exchange_body(const d2r_exchange *exchange, size_t *size) {
  *size = exchange->size;
  return exchange->body;
}

void d2r_exchange_accept(d2r_exchange *exchange, size_t limit) { exchange->limit = limit; }

typedef struct {
  void *context;
  void (*body)(void *context, const char *name, const char *value);
} header_reader;

static enum MHD_Result read_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value) {
  (void)kind;
  header_reader *reader = context;
  reader->body(reader->context, name, value ? value : "");
  return MHD_YES;
}

void d2r_exchange_headers(d2r_exchange *exchange, void *context,
                          void (*body)(void *context, const char *name, const char *value)) {
  header_reader reader = {context, body};
  MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, read_header, &reader);
}

// MARK: answers

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t room) {
  (void)position;
  d2r_stream *stream = context;
  ssize_t answer = 0;
  pthread_mutex_lock(&stream->lock);
  size_t there = stream->end - stream->start;
  if (there > 0) {
    size_t count = there < room ? there : room;
    memcpy(buffer, stream->bytes + stream->start, count);
    stream->start += count;
    if (stream->start == stream->end) stream->start = stream->end = 0;
    answer = (ssize_t)count;
  } else if (stream->finished) {
    answer = MHD_CONTENT_READER_END_OF_STREAM;
  } else {
    stream->asleep = 1;
    MHD_suspend_connection(stream->connection);
  }
  pthread_mutex_unlock(&stream->lock);
  return answer;
}

static void close_stream(void *context) {
  d2r_stream *stream = context;
  pthread_mutex_lock(&stream->lock);
  stream->gone = 1;
  free(stream->bytes);
  stream->bytes = NULL;
  stream->start = stream->end = stream->room = 0;
  pthread_mutex_unlock(&stream->lock);
  d2r_stream_release(stream);
}

static struct MHD_Response *response_for(d2r_exchange *exchange, const d2r_answer *answer) {
  if (answer->stream) {
    d2r_stream *stream = answer->stream;
    pthread_mutex_lock(&stream->lock);
    stream->references++;
    stream->connection = exchange->connection;
    pthread_mutex_unlock(&stream->lock);
    struct MHD_Response *response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, read_stream, stream, close_stream);
    if (!response) d2r_stream_release(stream);
    return response;
  }
  if (answer->file >= 0)
    return MHD_create_response_from_fd64(answer->file_size, answer->file);
  return MHD_create_response_from_buffer(answer->body_size, (void *)answer->body,
                                         MHD_RESPMEM_MUST_COPY);
}

int d2r_exchange_answer(d2r_exchange *exchange, const d2r_answer *answer) {
  struct MHD_Response *response = response_for(exchange, answer);
  if (!response && answer->file >= 0) close(answer->file);
  if (response)
    for (size_t place = 0; place < answer->header_count; place++)
      MHD_add_response_header(response, answer->headers[2 * place],
                              answer->headers[2 * place + 1]);
  exchange->status = answer->status;
  exchange->response = response;
  if (exchange->handed_out) MHD_resume_connection(exchange->connection);
  return response ? 0 : -1;
}

d2r_stream *d2r_stream_make(size_t limit) {
  d2r_stream *stream = calloc(1, sizeof *stream);
  if (!stream) return NULL;
  pthread_mutex_init(&stream->lock, NULL);
  stream->references = 1;
  stream->limit = limit;
  return stream;
}

void d2r_stream_release(d2r_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  int left = --stream->references;
  pthread_mutex_unlock(&stream->lock);
  if (left > 0) return;
  pthread_mutex_destroy(&stream->lock);
  free(stream->bytes);
  free(stream);
}

static void wake(d2r_stream *stream) {
  if (!stream->asleep || stream->gone) return;
  stream->asleep = 0;
  MHD_resume_connection(stream->connection);
}

int d2r_stream_push(d2r_stream *stream, const void *bytes, size_t count) {
  int answer = 0;
  pthread_mutex_lock(&stream->lock);
  size_t waiting = stream->end - stream->start;
  if (stream->gone) {
    answer = 1;
  } else if (waiting + count > stream->limit) {
    answer = 2;
  } else {
    if (stream->end + count > stream->room) {
      if (waiting) memmove(stream->bytes, stream->bytes + stream->start, waiting);
      stream->start = 0;
      stream->end = waiting;
      size_t room = stream->room ? stream->room : 256;
      while (room < waiting + count) room *= 2;
      uint8_t *larger = room > stream->room ? realloc(stream->bytes, room) : stream->bytes;
      if (larger) stream->bytes = larger, stream->room = room;
      else answer = 2;
    }
    if (answer == 0) {
      memcpy(stream->bytes + stream->end, bytes, count);
      stream->end += count;
      wake(stream);
    }
  }
  pthread_mutex_unlock(&stream->lock);
  return answer;
}

void d2r_stream_finish(d2r_stream *stream) {
  pthread_mutex_lock(&stream->lock);
  stream->finished = 1;
  wake(stream);
  pthread_mutex_unlock(&stream->lock);
}

// MARK: the server

static void log_line(void *context, const char *format, va_list arguments) {
  d2r_server *server = context;
  char line[512];
  vsnprintf(line, sizeof line, format, arguments);
  server->callbacks.log(server->callbacks.context, line);
}

d2r_server *d2r_server_start(const d2r_server_settings *settings, d2r_server_callbacks callbacks) {
  d2r_server *server = calloc(1, sizeof *server);
  if (!server) return NULL;
  server->callbacks = callbacks;
  server->request_seconds = settings->request_seconds;
  server->all.before = server->all.after = &server->all;
  pthread_mutex_init(&server->lock, NULL);
  pthread_cond_init(&server->ending, NULL);
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)settings->certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)settings->key},
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
      {MHD_OPTION_END, 0, NULL}};
  struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
  int secure = settings->certificate != NULL;
  unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                   (secure ? MHD_USE_TLS : 0);
  server->daemon = MHD_start_daemon(
      flags, 0, NULL, NULL, access_request, server,
      MHD_OPTION_EXTERNAL_LOGGER, log_line, server,
      MHD_OPTION_LISTEN_SOCKET, settings->listening,
      MHD_OPTION_THREAD_POOL_SIZE, settings->threads,
      MHD_OPTION_CONNECTION_LIMIT, settings->connections,
      MHD_OPTION_CONNECTION_TIMEOUT, settings->idle_seconds,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory,
      MHD_OPTION_STRICT_FOR_CLIENT, 1,
      MHD_OPTION_URI_LOG_CALLBACK, log_target, server,
      MHD_OPTION_NOTIFY_CONNECTION, notify_connection, server,
      MHD_OPTION_NOTIFY_COMPLETED, complete, server,
      MHD_OPTION_ARRAY, secure ? tls : none, MHD_OPTION_END);
  if (server->daemon && pthread_create(&server->warden, NULL, watch, server) == 0) return server;
  if (server->daemon) MHD_stop_daemon(server->daemon);
  free(server);
  return NULL;
}

void d2r_server_quiesce(d2r_server *server) {
  MHD_socket listening = MHD_quiesce_daemon(server->daemon);
  if (listening != MHD_INVALID_SOCKET) close(listening);
}

void d2r_server_stop(d2r_server *server) {
  MHD_stop_daemon(server->daemon);
  pthread_mutex_lock(&server->lock);
  server->ends = 1;
  pthread_cond_signal(&server->ending);
  pthread_mutex_unlock(&server->lock);
  pthread_join(server->warden, NULL);
  pthread_cond_destroy(&server->ending);
  pthread_mutex_destroy(&server->lock);
  free(server);
}

unsigned d2r_server_connections(d2r_server *server) {
  pthread_mutex_lock(&server->lock);
  unsigned count = server->count;
  pthread_mutex_unlock(&server->lock);
  return count;
}

int d2r_server_has_tls(void) { return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES; }

// MARK: sockets

static int listen_at(int socket, const struct sockaddr *address, socklen_t size) {
  if (bind(socket, address, size) == 0 && listen(socket, 1024) == 0) return socket;
  int fault = errno;
  close(socket);
  return -fault;
}

int d2r_listen_tcp(const char *address, uint16_t *port) {
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(*port)};
  int is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
  if (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1) return -EINVAL;
  int made = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) return -errno;
  int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  made = is_six ? listen_at(made, (struct sockaddr *)&six, sizeof six)
                : listen_at(made, (struct sockaddr *)&four, sizeof four);
  if (made < 0) return made;
  struct sockaddr_storage bound;
  socklen_t size = sizeof bound;
  if (getsockname(made, (struct sockaddr *)&bound, &size) == 0)
    *port = ntohs(is_six ? ((struct sockaddr_in6 *)&bound)->sin6_port
                         : ((struct sockaddr_in *)&bound)->sin_port);
  return made;
}

int d2r_listen_unix(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  strcpy(address.sun_path, path);
  struct stat facts;
  if (lstat(path, &facts) == 0) {
    if (!S_ISSOCK(facts.st_mode)) return -EEXIST;
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return -errno;
    int answers = connect(probe, (struct sockaddr *)&address, sizeof address) == 0;
    close(probe);
    if (answers) return -EADDRINUSE;
    unlink(path);
  }
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0) return -errno;
  // On Linux a socket's file takes its mode from the socket.
  fchmod(made, 0600);
  return listen_at(made, (struct sockaddr *)&address, sizeof address);
}

int d2r_socket_is_local(int socket) {
  struct sockaddr_storage bound;
  socklen_t size = sizeof bound;
  if (getsockname(socket, (struct sockaddr *)&bound, &size) != 0) return 0;
  if (bound.ss_family == AF_UNIX) return 1;
  if (bound.ss_family == AF_INET)
    return ntohl(((struct sockaddr_in *)&bound)->sin_addr.s_addr) >> 24 == 127;
  if (bound.ss_family == AF_INET6)
    return IN6_IS_ADDR_LOOPBACK(&((struct sockaddr_in6 *)&bound)->sin6_addr);
  return 0;
}
