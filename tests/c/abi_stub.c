#include "abi_stub/stub.h"

struct stub_stream {
#ifdef GROWN
  double first;
#endif
  int32_t workers;
};

static stub_stream only;

#ifdef OTHER_PARAMETER
stub_status stub_create(const stub_options* options, int64_t rate_hz, stub_stream** stream) {
#else
stub_status stub_create(const stub_options* options, int32_t rate_hz, stub_stream** stream) {
#endif
  only.workers = options->workers + (int32_t)rate_hz;
  *stream = &only;
  return STUB_OK;
}

#ifndef CALL_GONE
stub_status stub_push(stub_stream* stream) { return stream->workers > 0 ? STUB_BUSY : STUB_OK; }
#endif
#ifdef GROWN
stub_status stub_reset(stub_stream* stream) {
  stream->first = 0.0;
  return STUB_TIMEOUT;
}
#endif
