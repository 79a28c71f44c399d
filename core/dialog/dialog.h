// Dialog: what two user agents know of each other between requests (RFC 3261 section 12): tags,
// Call-ID, sequence numbers, remote target, route set, and where its requests go.
//
// A dialog is found by our own tag (dialog_tag.h), without a table; whose it is, its usage knows.
// It decides nothing and sends nothing: request.h writes its requests, machine.h moves its state.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/dialog/detail/machine.h>
#include <sipring/core/dialog/detail/text.h>
#include <sipring/core/flow.h>
#include <sipring/core/message/envelope.h>
#include <sipring/core/message/message.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace sipring {

// Why a message makes no dialog.
enum class DialogError : std::uint8_t {
  no_room,          // the buffer memory is used up
  missing_contact,  // or one that is no SIP URI (sections 8.1.1.8, 12.1.1)
  bad_route,        // Record-Route cannot be read, or is longer than most_routes
};
[[nodiscard]] std::string_view to_string(DialogError error);  // "missing_contact"

inline constexpr std::uint32_t most_routes = 64;

// Where messages of a dialog come from and go to when nothing in it is an address.
struct Hop {
  NetworkAddress address = {};
  Flow flow = {};
  Flow listener = flow;  // whose Via and Contact are used (core/received.h)
};

[[nodiscard]] bool is_sips(std::string_view uri);
// The tag of a From or To value; empty: none, or it cannot be read.
[[nodiscard]] std::string_view tag_of(std::string_view address);

class Dialog {
 public:
  // As the one who is asked (section 12.1.1): from a request that makes a dialog, with our tag.
  [[nodiscard]] static std::expected<Dialog, DialogError> from_request(BufferPool& buffers,
                                                                       const Message& request,
                                                                       const Envelope& envelope,
                                                                       std::string_view local_tag,
                                                                       const Hop& from);
  // What the one who asks knows before any response: a dialog without a remote tag, from which the
  // request is sent. `extra`: lines of the user's, each with its CRLF.
  struct Beginning {
    std::string_view target;  // the Request-URI
    std::string_view route;   // of a preloaded route set; empty: none
    std::string_view local;   // From, with our tag
    std::string_view remote;  // To, without a tag
    std::string_view call_id;
    std::string_view extra;
    std::uint32_t cseq = 1;
    bool secure = false;
  };
  [[nodiscard]] static std::expected<Dialog, DialogError> beginning(BufferPool& buffers,
                                                                    const Beginning& beginning,
                                                                    const Hop& to);
  // The dialog that a response with a To tag makes, or makes anew: a 2xx has the last word on the
  // route set (sections 12.1.2, 13.2.2.4). A response without a Contact, which a 2xx has to have,
  // leaves the target that the request had: its ACK and BYE must go somewhere.
  [[nodiscard]] std::expected<Dialog, DialogError> from_response(BufferPool& buffers,
                                                                 const Message& response,
                                                                 std::string_view remote_tag) const;

  // The same for one who has kept nothing of the request: From, Call-ID and CSeq stand in the
  // response, too. Its requests go to `to`. A 2xx without a Contact is missing_contact here.
  [[nodiscard]] static std::expected<Dialog, DialogError> of_response(BufferPool& buffers,
                                                                      const Message& response,
                                                                      const Envelope& envelope,
                                                                      const Hop& to);

  // A target refresh (sections 12.2.1.2, 12.2.2): the Contact of a message; none changes nothing.
  // False when there is no room for it.
  bool refresh_target(BufferPool& buffers, const Message& message);
  // The target of an INVITE that goes on to another place, and where that is. False: no room.
  bool retarget(BufferPool& buffers, std::string_view uri);
  void send_to(const Hop& to);
  // Other `extra` or `targets`; false: no room.
  bool keep(BufferPool& buffers, DialogText::Part part, std::string_view what);
  // What only the INVITE needs is not needed any more.
  void forget_beginning(BufferPool& buffers);

  // Whether a request with this From tag is within it (section 12.2.2). The Call-ID and our own tag
  // have been looked at: they are what has led here.
  [[nodiscard]] bool is_from(std::string_view from_tag) const { return from_tag == remote_tag(); }
  // Section 12.2.2: false for a number that is not above the last one. The first one may be any.
  [[nodiscard]] bool take_cseq(std::uint32_t number);

  [[nodiscard]] DialogState state() const { return state_; }
  // What becomes of it; an event without a row changes nothing.
  DialogAction step(DialogEvent event);

  [[nodiscard]] std::string_view text(DialogText::Part part) const { return text_.part(part); }
  [[nodiscard]] std::string_view request_uri() const;
  [[nodiscard]] std::string_view remote_target() const { return text(DialogText::target); }
  [[nodiscard]] std::string_view call_id() const { return text(DialogText::call_id); }
  [[nodiscard]] std::string_view remote_tag() const {
    return text(DialogText::remote).substr(remote_tag_at_, remote_tag_size_);
  }
  [[nodiscard]] std::string_view local_tag() const {
    const std::string_view local = text(DialogText::local);
    return local_tag_size_ == 0 ? tag_of(local) : local.substr(local.size() - local_tag_size_);
  }
  // The URI that says where its requests go: the first of the route set, or else the target.
  [[nodiscard]] std::string_view next_hop() const;
  [[nodiscard]] bool is_strict() const { return !text(DialogText::strict_uri).empty(); }
  // A sips URI made it (section 12.1.1): our Contact has to be one, too.
  [[nodiscard]] bool is_secure() const { return secure_; }

  // The next number of ours (section 12.2.1.1): one higher each time.
  [[nodiscard]] std::uint32_t next_cseq() { return ++local_cseq_; }
  [[nodiscard]] std::uint32_t local_cseq() const { return local_cseq_; }
  void set_local_cseq(std::uint32_t number) { local_cseq_ = number; }
  [[nodiscard]] std::optional<std::uint32_t> remote_cseq() const {
    return has_remote_cseq_ ? std::optional(remote_cseq_) : std::nullopt;
  }

  // Looked for when it is asked for first: who is called seldom asks.
  [[nodiscard]] const NetworkAddress& destination() const {
    if (!has_destination_) find_destination();
    return destination_;
  }
  [[nodiscard]] Flow flow() const { return flow_; }
  // The slot of the listener whose Via and Contact it uses.
  [[nodiscard]] std::uint32_t listener() const { return listener_; }

 private:
  struct CallerParts {
    std::string_view target, local, call_id, remote_tag;
  };
  static std::expected<Dialog, DialogError> as_caller(BufferPool& buffers, const Message& response,
                                                      const CallerParts& parts, const Hop& to);
  static std::expected<Dialog, DialogError> made(BufferPool& buffers,
                                                 const DialogText::Parts& parts,
                                                 std::string_view remote_tag, const Hop& fallback);
  bool rewrite_target(BufferPool& buffers, std::string_view uri);
  void find_destination() const;

  DialogText text_;
  mutable NetworkAddress destination_;  // until it is found: where messages come from or have gone
  Flow flow_;
  std::uint32_t local_cseq_ = 0;
  std::uint32_t remote_cseq_ = 0;
  std::uint16_t remote_tag_at_ = 0, remote_tag_size_ = 0;  // within `remote`
  std::uint8_t listener_ = 0;        // the slot; those beyond the last one are one
  std::uint8_t local_tag_size_ = 0;  // at the end of `local`; 0: it is looked for
  DialogState state_ = DialogState::early;
  bool has_remote_cseq_ : 1 = false;
  mutable bool has_destination_ : 1 = false;
  bool secure_ : 1 = false;
};
static_assert(sizeof(Dialog) == 72);  // a member in the wrong place costs eight octets more

// Whether a response is one that makes a dialog: 101 to 299 with a To tag (section 12.1).
[[nodiscard]] bool makes_dialog(int status, std::string_view to_tag);

}  // namespace sipring
