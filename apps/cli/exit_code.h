#pragma once

#include "ossicle/error.h"

namespace ossicle::cli {

enum ExitCode {
  kDone = 0,
  kSomeFailed = 1,
  kUsage = 2,
  kInput = 3,
  kOutput = 4,
  kModel = 5,
  kInterrupted = 128,  // plus the signal's number
};

inline ExitCode ExitCodeOf(Code code) {
  switch (code) {
    case Code::kInvalidSpec:
      return kUsage;
    case Code::kShape:
    case Code::kNotFinite:
    case Code::kInput:
      return kInput;
    case Code::kOutput:
      return kOutput;
    case Code::kModel:
    case Code::kBusy:
    case Code::kTimeout:
      return kModel;
    case Code::kInterrupted:
      return kInterrupted;
  }
  return kInput;
}

}  // namespace ossicle::cli
