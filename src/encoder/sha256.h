#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace ossicle {

/// SHA-256 of bytes that come in parts.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Update(const void* data, std::size_t bytes);
  /// 64 lower-case hexadecimal digits. Once only, and nothing can be added after it.
  std::string Digest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ossicle
