#include "encoder/sha256.h"

#include <nettle/sha2.h>

#include <array>
#include <cstdint>

namespace ossicle {

namespace {

using Bytes = std::array<std::uint8_t, SHA256_DIGEST_SIZE>;

// Nettle 4 dropped the length.
[[maybe_unused]] void Finish(void (*digest)(sha256_ctx*, std::size_t, std::uint8_t*),
                             sha256_ctx& context, Bytes& bytes) {
  digest(&context, bytes.size(), bytes.data());
}

[[maybe_unused]] void Finish(void (*digest)(sha256_ctx*, std::uint8_t*), sha256_ctx& context,
                             Bytes& bytes) {
  digest(&context, bytes.data());
}

}  // namespace

struct Sha256::State {
  sha256_ctx context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { sha256_init(&state_->context); }

Sha256::~Sha256() = default;

void Sha256::Update(const void* data, std::size_t bytes) {
  sha256_update(&state_->context, bytes, static_cast<const std::uint8_t*>(data));
}

std::string Sha256::Digest() {
  Bytes digest{};
  Finish(sha256_digest, state_->context, digest);
  std::string text;
  for (const std::uint8_t byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace ossicle
