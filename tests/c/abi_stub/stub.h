/* A small libossicle.so, in versions of which some break the ABI of the first. */
#include <stddef.h>
#include <stdint.h>

typedef struct stub_stream stub_stream; /* its own fields are nobody's business */

typedef enum stub_status {
  STUB_OK = 0,
#ifdef OTHER_VALUE
  STUB_BUSY = 2
#else
  STUB_BUSY = 1
#endif
#ifdef GROWN
  ,
  STUB_TIMEOUT = 2
#endif
} stub_status;

typedef struct stub_options {
  size_t struct_size;
#ifdef FIELD_BETWEEN
  int64_t rate_hz;
#endif
  int32_t workers;
#ifndef FIELD_GONE
  int32_t reserved;
#endif
#ifdef GROWN
  const char* statistics;
#endif
} stub_options;

#ifndef CALL_GONE
stub_status stub_push(stub_stream* stream);
#endif
#ifdef GROWN
stub_status stub_reset(stub_stream* stream);
#endif
#ifdef OTHER_PARAMETER
stub_status stub_create(const stub_options* options, int64_t rate_hz, stub_stream** stream);
#else
stub_status stub_create(const stub_options* options, int32_t rate_hz, stub_stream** stream);
#endif
