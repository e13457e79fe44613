#pragma once

#include "ossicle/spec.h"
#include "ossicle/workers.h"

namespace ossicle::internal {

/// Work that is worth a worker of its own. To wake a sleeping one and to wait for it takes 5 to 50
/// microseconds; with less to do than this, one worker alone is done sooner.
inline constexpr double kGrainNanoseconds = 50e3;

/// What a frame of `spec` costs one worker, estimated from the number of operations: the FFT's
/// n log2 n, the logarithm of each band, the cepstrum's product. Twice as much in double.
double FrameNanoseconds(const FrontendSpec& spec, bool in_double);

/// How many of `workers` (nullptr: the calling thread alone), at most `most`, are to share
/// `nanoseconds` of work: as many as find kGrainNanoseconds each, unless workers->use() is kAll.
int ActiveWorkers(const Workers* workers, int most, double nanoseconds);

}  // namespace ossicle::internal
