// SPDX-License-Identifier: MIT
#include <sipring/io/digest_hashes.h>
#include <sipring/pools/assert.h>

#include <openssl/core_dispatch.h>
#include <openssl/evp.h>
#include <openssl/provider.h>

#include <string>

namespace sipring {
namespace {

// A provider's entry for an algorithm begins with one of its names; nullptr: it has none.
const OSSL_DISPATCH* functions_of(const EVP_MD* algorithm, const OSSL_PROVIDER* provider) {
  int unused = 0;
  const OSSL_ALGORITHM* each = OSSL_PROVIDER_query_operation(provider, OSSL_OP_DIGEST, &unused);
  for (; each != nullptr && each->algorithm_names != nullptr; ++each) {
    const std::string_view names = each->algorithm_names;
    if (EVP_MD_is_a(algorithm, std::string(names.substr(0, names.find(':'))).c_str()) == 1)
      return each->implementation;
  }
  return nullptr;
}

}  // namespace

DigestHashes::Algorithm::Algorithm(const char* name)
    : algorithm(EVP_MD_fetch(nullptr, name, nullptr)) {
  if (algorithm == nullptr) return;
  const OSSL_PROVIDER* const provider = EVP_MD_get0_provider(algorithm);
  const OSSL_DISPATCH* function = functions_of(algorithm, provider);
  OSSL_FUNC_digest_newctx_fn* make = nullptr;
  OSSL_FUNC_digest_init_fn* init = nullptr;
  for (; function != nullptr && function->function_id != 0; ++function) {
    switch (function->function_id) {
      case OSSL_FUNC_DIGEST_NEWCTX: make = OSSL_FUNC_digest_newctx(function); break;
      case OSSL_FUNC_DIGEST_FREECTX: free = OSSL_FUNC_digest_freectx(function); break;
      case OSSL_FUNC_DIGEST_INIT: init = OSSL_FUNC_digest_init(function); break;
      case OSSL_FUNC_DIGEST_UPDATE: update = OSSL_FUNC_digest_update(function); break;
      case OSSL_FUNC_DIGEST_FINAL: finish = OSSL_FUNC_digest_final(function); break;
      default: break;
    }
  }
  start = init;
  const bool has_all = make != nullptr && free != nullptr && start != nullptr &&
                       update != nullptr && finish != nullptr;
  if (has_all) state = make(OSSL_PROVIDER_get0_provider_ctx(provider));
}

DigestHashes::Algorithm::~Algorithm() {
  if (state != nullptr) free(state);
  EVP_MD_free(algorithm);
}

// None of these fails on a state that is there.
void DigestHashes::Algorithm::hash(std::span<const std::string_view> pieces,
                                   std::uint8_t* to) const {
  constexpr std::size_t most_octets = 32;
  bool works = start(state, nullptr) == 1;
  for (const std::string_view piece : pieces)
    works = works &&
            update(state, reinterpret_cast<const unsigned char*>(piece.data()), piece.size()) == 1;
  std::size_t size = 0;
  works = works && finish(state, to, &size, most_octets) == 1;
  SIPRING_ASSERT(works);
}

DigestHashes::DigestHashes()
    : algorithms_{Algorithm("MD5"), Algorithm("SHA2-256"), Algorithm("SHA2-512/256")} {}

DigestHashes::~DigestHashes() = default;

HashFunctions DigestHashes::functions() {
  const auto if_offered = [this](Index index, HashFunctions::Hash function) {
    return algorithms_[index].state != nullptr ? function : nullptr;
  };
  return {.md5 = if_offered(md5, hash<md5>),
          .sha_256 = if_offered(sha_256, hash<sha_256>),
          .sha_512_256 = if_offered(sha_512_256, hash<sha_512_256>),
          .context = this};
}

template <DigestHashes::Index index>
void DigestHashes::hash(void* self, std::span<const std::string_view> pieces, std::uint8_t* to) {
  static_cast<const DigestHashes*>(self)->algorithms_[index].hash(pieces, to);
}

}  // namespace sipring
