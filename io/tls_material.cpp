// SPDX-License-Identifier: MIT
#include <sipring/io/tls_material.h>

#include <sipring/io/tls/detail/pem.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace sipring {
namespace {

std::unexpected<TlsFailure> refuse_file(TlsFailureCode code, std::string text) {
  return std::unexpected(TlsFailure{code, std::move(text)});
}

std::expected<std::string, TlsFailure> read_file(const std::string& path) {
  if (path.empty()) return std::string();
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file && file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (!file.good() && !file.eof()) {
    return refuse_file(TlsFailureCode::unreadable_file, path + ": " + std::strerror(errno));
  }
  return text.str();
}

// Names the file in a failure that knows only what was in it.
std::unexpected<TlsFailure> refuse_files(TlsFailure failure, const TlsFiles& files) {
  const std::string& key = files.key.empty() ? files.certificate : files.key;
  switch (failure.code) {
    case TlsFailureCode::no_certificate_in_file:
      failure.text = files.certificate + ": " + failure.text;
      break;
    case TlsFailureCode::no_key_in_file: failure.text = key + ": " + failure.text; break;
    case TlsFailureCode::key_mismatch:
      failure.text = files.certificate + ", " + key + ": " + failure.text;
      break;
    case TlsFailureCode::bad_authorities:
      failure.text = files.authorities + ": " + failure.text;
      break;
    default: break;
  }
  return std::unexpected(std::move(failure));
}

std::expected<TlsMaterial, TlsFailure> read_files(const TlsFiles& files) {
  TlsMaterial material;
  auto certificate = read_file(files.certificate);
  if (!certificate) return std::unexpected(certificate.error());
  auto key = read_file(files.key.empty() ? files.certificate : files.key);
  if (!key) return std::unexpected(key.error());
  auto authorities = read_file(files.authorities);
  if (!authorities) return std::unexpected(authorities.error());
  material.certificate = std::move(*certificate);
  material.key = std::move(*key);
  material.authorities = std::move(*authorities);
  if (!files.authorities.empty() && material.authorities.empty()) {
    return refuse_file(TlsFailureCode::bad_authorities, files.authorities + ": the file is empty");
  }
  return material;
}

std::expected<void, TlsFailure> check_authorities(const detail::OwnedLibrary& library,
                                                  const TlsMaterial& material) {
  if (!material.authorities.empty() &&
      detail::read_certificates(library.get(), material.authorities).empty()) {
    return refuse_file(TlsFailureCode::bad_authorities, "no certificate is there");
  }
  return {};
}

}  // namespace

std::expected<TlsMaterial, TlsFailure> load_material(const TlsFiles& files) {
  auto material = read_files(files);
  if (!material) return material;
  if (auto checked = check_material(*material); !checked) {
    return refuse_files(checked.error(), files);
  }
  return material;
}

std::expected<TlsMaterial, TlsFailure> load_client_material(const TlsFiles& files) {
  if (!files.certificate.empty() || !files.key.empty()) return load_material(files);
  auto material = read_files(files);
  if (!material) return material;
  if (auto checked =
          check_authorities(detail::OwnedLibrary(detail::make_library_context()), *material);
      !checked)
    return refuse_files(checked.error(), files);
  return material;
}

std::expected<void, TlsFailure> check_material(const TlsMaterial& material) {
  const detail::OwnedLibrary library(detail::make_library_context());
  const auto certificates = detail::read_certificates(library.get(), material.certificate);
  if (certificates.empty())
    return refuse_file(TlsFailureCode::no_certificate_in_file, "no certificate is there");
  const detail::OwnedKey key = detail::read_key(library.get(), material.key);
  if (!key) return refuse_file(TlsFailureCode::no_key_in_file, "no private key is there");
  if (X509_check_private_key(certificates.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return refuse_file(TlsFailureCode::key_mismatch, "the key is another certificate's");
  }
  return check_authorities(library, material);
}

}  // namespace sipring
