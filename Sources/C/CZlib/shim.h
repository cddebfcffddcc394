#pragma once
#include <string.h>
#include <zlib.h>

// The initialising call is a macro, which Swift cannot see. 31: the largest window, with a gzip head.
static inline int d2r_gzip_begin(z_stream *stream, int level) {
  memset(stream, 0, sizeof *stream);
  return deflateInit2(stream, level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
}
