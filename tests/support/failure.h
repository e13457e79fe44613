#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

#include "ossicle/error.h"

namespace ossicle::test {

struct Failure {
  Code code;
  std::string message;
};

/// The ossicle::Error that `run` throws; that it throws none is a failure of the test.
template <class Run>
Failure FailureOf(const Run& run) {
  try {
    run();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  throw std::runtime_error("no ossicle::Error was thrown");
}

inline testing::AssertionResult HasAll(const std::string& text,
                                       std::initializer_list<std::string> parts) {
  for (const std::string& part : parts) {
    if (text.find(part) == std::string::npos) {
      return testing::AssertionFailure() << "\"" << part << "\" is not in: " << text;
    }
  }
  return testing::AssertionSuccess();
}

}  // namespace ossicle::test
