// DigestHashes: the hashes of Digest from OpenSSL 3, for core/auth/. One for each thread that
// hashes: algorithms are fetched and their contexts made once.
//
// To hash allocates nothing. EVP_DigestInit_ex2 would: OpenSSL 3.0 frees a context's state and
// makes it anew at each start. So EVP finds the algorithm, by the process's configuration, and the
// functions of its provider are called themselves (provider-digest(7)).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/auth/digest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

struct evp_md_st;
struct ossl_param_st;

namespace sipring {

class DigestHashes {
 public:
  DigestHashes();
  ~DigestHashes();
  DigestHashes(const DigestHashes&) = delete;
  DigestHashes& operator=(const DigestHashes&) = delete;

  // They use this object, which outlives them. One that the library does not offer (MD5 under FIPS
  // rules) is null.
  [[nodiscard]] HashFunctions functions();

 private:
  enum Index : std::uint8_t { md5, sha_256, sha_512_256, count };
  // Of a provider, with its state.
  struct Algorithm {
    using Free = void(void* state);
    using Start = int(void* state, const ossl_param_st* parameters);
    using Update = int(void* state, const unsigned char* octets, std::size_t size);
    using Finish = int(void* state, unsigned char* to, std::size_t* size, std::size_t room);

    Algorithm() = default;
    explicit Algorithm(const char* name);
    ~Algorithm();
    Algorithm(const Algorithm&) = delete;
    Algorithm& operator=(const Algorithm&) = delete;
    void hash(std::span<const std::string_view> pieces, std::uint8_t* to) const;

    evp_md_st* algorithm = nullptr;
    Free* free = nullptr;
    Start* start = nullptr;
    Update* update = nullptr;
    Finish* finish = nullptr;
    void* state = nullptr;  // nullptr: not offered
  };

  template <Index index>
  static void hash(void* self, std::span<const std::string_view> pieces, std::uint8_t* to);

  std::array<Algorithm, count> algorithms_;
};

}  // namespace sipring
