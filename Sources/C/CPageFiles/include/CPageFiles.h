#pragma once
#include <stddef.h>

// The files of the daemon's page, as parts of the program. Here because the C compiler takes them in
// at once, and Swift's takes minutes over array literals of their size.

typedef struct {
  const char *name;
  const unsigned char *bytes;
  size_t size;
} cpage_file;

/// The description of the API.
cpage_file cpage_description(void);

/// One of the `cpage_count()` files below `/page/`.
cpage_file cpage_at(size_t place);
size_t cpage_count(void);
