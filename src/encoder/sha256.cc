#include "encoder/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "ossicle/error.h"

namespace ossicle {

namespace {

void Check(int result) {
  if (result == 1) return;
  throw Error(Code::kModel, "OpenSSL cannot compute a SHA-256; check its configuration");
}

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  Check(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;

void Sha256::Update(const void* data, std::size_t bytes) {
  Check(EVP_DigestUpdate(state_->context.get(), data, bytes));
}

std::string Sha256::Digest() {
  std::array<unsigned char, 32> digest{};
  Check(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr));
  std::string text;
  for (const unsigned char byte : digest) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace ossicle
