// TlsSession: the TLS of one connection, over memory: ciphertext in, plaintext out, and the other
// way round. It never sees a socket.
//
//   handshaking ──handshake()──▶ open ──close_notify──▶ closed
//
// Each call reads what it needs of `wire.in` and writes what must be sent into `wire.out`; what it
// wrote is to be sent also when the call has failed: it is the alert that says why. A failed
// session is only good for being destroyed.
//
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/io/tls/context.h>
#include <sipring/io/tls/library.h>
#include <sipring/io/tls_failure.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_session_st;

namespace sipring {

// With which a client resumes a session (RFC 8446 section 2.2). Good for one connection; each
// connection brings a new one.
class TlsTicket {
 public:
  TlsTicket() = default;
  explicit TlsTicket(ssl_session_st* session) : session_(session) {}
  TlsTicket(TlsTicket&& other) noexcept;
  TlsTicket& operator=(TlsTicket&& other) noexcept;
  ~TlsTicket();
  explicit operator bool() const { return session_ != nullptr; }
  [[nodiscard]] ssl_session_st* get() const { return session_; }

 private:
  ssl_session_st* session_ = nullptr;
};

class TlsSession {
 public:
  // Room that a record's plaintext may need, and what a call that makes no record may write.
  static constexpr std::size_t largest_record = 16'384;
  static constexpr std::size_t overhead = 512;
  // A change of keys costs what fifty short messages do. More than some forty of them, or tickets,
  // in so much plaintext end the session: no honest peer needs one in a gigabyte (RFC 8446 section
  // 5.5).
  static constexpr std::uint32_t most_steps = 128;
  static constexpr std::size_t plain_for_steps = 65'536;
  // Room in `wire.out` for this much plaintext.
  [[nodiscard]] static constexpr std::size_t room_for(std::size_t plain) {
    return plain + (1 + plain / largest_record) * overhead;
  }

  [[nodiscard]] static std::expected<TlsSession, TlsFailure> accept(const TlsContext& context);
  // `domain` is what the certificate must speak for and what is said by SNI: that of the URI, not
  // the host that DNS gave (RFC 5922 section 7.3). An IP address is not said.
  [[nodiscard]] static std::expected<TlsSession, TlsFailure> connect(const TlsContext& context,
                                                                     std::string_view domain,
                                                                     TlsTicket ticket = {});
  TlsSession(TlsSession&& other) noexcept;
  TlsSession& operator=(TlsSession&& other) noexcept;
  ~TlsSession();

  // One step: as far as the octets reach, or as the room does (at least `overhead` octets of it).
  // True: hands have been shaken. To be called again with more octets, or with more room when
  // wire.out is full.
  [[nodiscard]] std::expected<bool, TlsFailure> handshake(TlsWire& wire);

  // Plaintext of at most one record, or what the room for it holds; 0: more octets are needed, or
  // is_closed(). `wire.out` needs `overhead` octets: a peer may ask for new keys.
  [[nodiscard]] std::expected<std::size_t, TlsFailure> read(TlsWire& wire, std::span<char> plain);
  // Whether read() has plaintext without more octets: a record was larger than the room.
  [[nodiscard]] bool has_plaintext() const;

  // All of it. `wire.out` has room_for(plain.size()) octets left.
  [[nodiscard]] std::expected<void, TlsFailure> write(TlsWire& wire, std::string_view plain);

  // Sends close_notify. What the peer still sends can be read.
  void close(TlsWire& wire);
  // The peer's close_notify has come: an end of the connection now loses nothing.
  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] bool is_open() const { return open_; }

  // Gives back what OpenSSL keeps for records, some 33 KB of 47, when nothing is under way. False:
  // something is. The next call takes it again.
  bool release_buffers();

  // Of an open session.
  [[nodiscard]] bool was_resumed() const;
  [[nodiscard]] std::string_view version() const;   // "TLSv1.3"
  [[nodiscard]] std::string_view cipher() const;    // "TLS_AES_256_GCM_SHA384"
  [[nodiscard]] std::string_view protocol() const;  // chosen by ALPN; empty: none
  [[nodiscard]] bool has_peer_certificate() const;
  // Whether the peer's certificate was verified; and speaks for this SIP domain (RFC 5922).
  [[nodiscard]] bool is_authenticated() const;
  [[nodiscard]] bool is_authenticated_as(std::string_view domain) const;
  // A client's: for the next connection to the same target. Null when none has come.
  [[nodiscard]] TlsTicket take_ticket();

 private:
  TlsSession(TlsLibrary& library, ssl_st* session, std::string domain)
      : library_(&library), session_(session), domain_(std::move(domain)) {}
  static std::expected<TlsSession, TlsFailure> make(const TlsContext& context, std::string domain);
  template <class Call>
  int call(TlsWire& wire, Call&& what);
  TlsFailure failure() const;
  void note_plain(std::size_t octets);

  TlsLibrary* library_;
  ssl_st* session_;
  std::string domain_;  // to be checked; empty: no domain is
  std::uint32_t steps_left_ = most_steps;
  std::uint32_t plain_since_ = 0;  // octets since steps were counted anew
  bool open_ = false;
};

}  // namespace sipring
