// After warm-up no call costs an allocation: malloc, operator new and their kin are counted over
// whole calls, with the engine alone and with the answering agent on top. The first test makes sure
// that they are.
// SPDX-License-Identifier: MIT
#include <sipring/core/engine.h>
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/body/multipart_builder.h>
#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/request_builder.h>
#include <sipring/core/message/response_builder.h>
#include <sipring/core/message/sipfrag.h>
#include <sipring/core/metrics/sample.h>
#include <sipring/core/overload/precedence.h>
#include <sipring/core/overload/turn_budget.h>
#include <sipring/core/overload/turn_queue.h>
#include <sipring/core/sdp/check_answer.h>
#include <sipring/core/sdp/offer_answer.h>
#include <sipring/core/transaction/identifiers.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <memory_resource>
#include <new>
#include <string_view>
#include <variant>

#if __has_include(<answer/answer_user.h>)
#include <answer/answer_user.h>
#include <sipring/io/steering.h>
#define SIPRING_ANSWER_USER 1
#endif

namespace {

// Compilers take it for granted that malloc() changes nothing that a program can see.
volatile std::size_t allocations = 0;
void count_allocation() {
  allocations = allocations + 1;
}

}  // namespace

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* where, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* where);

void* malloc(std::size_t size) {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* where, std::size_t size) {
  count_allocation();
  return __libc_realloc(where, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** where, std::size_t alignment, std::size_t size) {
  *where = aligned_alloc(alignment, size);
  return 0;
}
void free(void* where) {
  __libc_free(where);
}
}

// mimalloc brings an operator new of its own, which would not end in our malloc.
void* operator new(std::size_t size) {
  return malloc(size);
}
void* operator new[](std::size_t size) {
  return malloc(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return malloc(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return malloc(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return aligned_alloc(static_cast<std::size_t>(alignment), size);
}
void operator delete(void* where) noexcept {
  free(where);
}
void operator delete[](void* where) noexcept {
  free(where);
}
void operator delete(void* where, std::size_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::size_t) noexcept {
  free(where);
}
void operator delete(void* where, std::align_val_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::align_val_t) noexcept {
  free(where);
}
void operator delete(void* where, std::size_t, std::align_val_t) noexcept {
  free(where);
}
void operator delete[](void* where, std::size_t, std::align_val_t) noexcept {
  free(where);
}

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A text that is put together without allocation, with room behind it for the parser's wide loads.
class Text {
 public:
  void clear() { size_ = 0; }
  Text& operator<<(std::string_view part) {
    EXPECT_LE(size_ + part.size(), octets_.size() - readable_padding);
    std::ranges::copy(part, octets_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += part.size();
    return *this;
  }
  Text& operator<<(std::uint32_t number) {
    std::array<char, 10> digits;
    std::size_t at = digits.size();
    do digits[--at] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    return *this << std::string_view(digits.data() + at, digits.size() - at);
  }
  [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

 private:
  std::array<char, 4096> octets_{};
  std::size_t size_ = 0;
};

constexpr std::string_view offer =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 0\r\n";

// An engine and a caller. `Serve` handles what is not for the wire: user(engine, now, output).
template <class Serve>
class Line {
 public:
  explicit Line(Serve& serve, const OverloadSettings& overload = {})
      : serve_(serve),
        engine_(settings(overload), {{1, 2, 3, 4}}, *std::pmr::new_delete_resource()) {}

  // A request of the call; `transaction` makes its branch.
  void request(std::string_view method, std::string_view user, std::uint32_t transaction,
               bool in_dialog = false) {
    write(method, user, transaction, in_dialog);
    receive(text_.view());
  }
  // One that there is no time for.
  void turn_away(std::string_view method, std::uint32_t transaction) {
    write(method, "bob", transaction, false);
    engine_.turn_away(now_, {text_.view(), source, Flow{0, 1}});
    drain();
  }
  // From now on requests ask for overload control.
  void ask_for_control() { via_parameters_ = R"(;oc;oc-algo="loss")"; }
  void write(std::string_view method, std::string_view user, std::uint32_t transaction,
             bool in_dialog) {
    const bool invites = method == "INVITE";
    text_.clear();
    text_ << method << " sip:" << user << "@192.0.2.9 SIP/2.0\r\n"
          << "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK" << call_ << "." << transaction
          << via_parameters_
          << "\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=" << call_
          << "\r\nTo: <sip:bob@example.com>";
    if (in_dialog) text_ << ";tag=" << to_tag();
    text_ << "\r\nCall-ID: c" << call_ << "\r\nCSeq: 7 " << method
          << "\r\nContact: <sip:alice@192.0.2.1:5062>\r\n";
    if (invites) text_ << "Content-Type: application/sdp\r\n";
    text_ << "Content-Length: " << static_cast<std::uint32_t>(invites ? offer.size() : 0)
          << "\r\n\r\n"
          << (invites ? offer : "");
  }
  void receive(std::string_view octets) {
    engine_.receive(now_, {octets, source, Flow{0, 1}});
    drain();
  }
  void advance(Duration by) {
    now_ += by;
    engine_.advance(now_);
    drain();
    serve_.advance(engine_, now_);
    drain();
  }
  void drain() {
    while (std::optional<Output> output = engine_.next_output()) {
      if (const auto* transmit = std::get_if<Transmit>(&*output)) {
        ++sent_;
        last_.clear();
        last_ << transmit->bytes->view();
      } else {
        serve_.on_output(engine_, now_, *output);
      }
    }
  }
  void next_call() { ++call_; }

  [[nodiscard]] std::string_view last() const { return last_.view(); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] Engine& engine() { return engine_; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  static Settings settings(const OverloadSettings& overload) {
    Settings settings;
    settings.limits.transactions = 4'096;
    settings.overload = overload;
    return settings;
  }
  [[nodiscard]] std::string_view to_tag() const {
    const std::string_view message = last_.view();
    const std::size_t to = message.find("\r\nTo:");
    const std::size_t begin = message.find(";tag=", to) + 5;
    return message.substr(begin, message.find("\r\n", begin) - begin);
  }

  const NetworkAddress source{*parse_ip_address("192.0.2.1"), 5062, Transport::udp};
  Serve& serve_;
  Engine engine_;
  Instant now_{};
  std::string_view via_parameters_;
  Text text_, last_;
  std::uint32_t call_ = 0;
  std::uint64_t sent_ = 0;
};

// Runs `call` until everything has been touched that it touches, then counts.
template <class AnyLine, class Call>
void expect_no_allocation(AnyLine& line, Call&& call) {
  constexpr int rounds = 200;
  for (int i = 0; i < rounds; ++i) call(), line.next_call();
  const std::uint64_t sent_before = line.sent();
  const std::size_t before = allocations;
  for (int i = 0; i < rounds; ++i) call(), line.next_call();
  EXPECT_EQ(std::size_t{allocations}, before);
  EXPECT_GE(line.sent(), sent_before + rounds);
}

// Answers at once, with fixed texts.
struct Answering {
  void on_output(Engine& engine, Instant now, const Output& output) {
    const auto* request = std::get_if<RequestReceived>(&output);
    if (request == nullptr || !request->transaction) return;
    const HeaderLine headers[] = {{"Contact", "<sip:bob@192.0.2.9>"}};
    if (request->message->method() == Method::invite) {
      (void)engine.respond(now, request->transaction, {.status = 180, .headers = headers});
    }
    (void)engine.respond(now, request->transaction, {.status = 200, .headers = headers});
  }
  void advance(Engine&, Instant) {}
};

TEST(NoAllocation, counts_malloc_and_new_and_what_engines_take_memory_from) {
  const std::size_t before = allocations;
  void* volatile by_malloc = std::malloc(1);
  std::free(by_malloc);
  int* volatile by_new = new int(1);
  delete by_new;
  auto& memory = *std::pmr::new_delete_resource();
  memory.deallocate(memory.allocate(64, 64), 64, 64);
  EXPECT_EQ(std::size_t{allocations}, before + 3);
}

TEST(NoAllocation, over_an_INVITE_call_to_the_engine) {
  Answering answering;
  Line line(answering);
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    line.request("INVITE", "bob", 1);
    line.request("ACK", "bob", 2, true);
    line.request("BYE", "bob", 3, true);
    line.advance(seconds(33));
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

TEST(NoAllocation, over_other_requests_to_the_engine_good_and_bad) {
  Answering answering;
  Line line(answering);
  expect_no_allocation(line, [&] {
    line.request("OPTIONS", "bob", 1);
    line.request("OPTIONS", "bob", 2);  // merged: 482
    line.receive(line.last().substr(0, 40));
    line.advance(seconds(33));
  });
}

// A request of ours, with all that it must have.
struct Outgoing {
  std::string_view method, cseq;
  std::array<HeaderLine, 4> headers{{{"From", "<sip:a@example.com>;tag=1"},
                                     {"To", "<sip:b@example.com>"},
                                     {"Call-ID", "c1"},
                                     {"CSeq", cseq}}};
  [[nodiscard]] Request request() const {
    return {.method = method,
            .request_uri = "sip:b@192.0.2.1",
            .headers = headers,
            .body = {},
            .destination = {*parse_ip_address("192.0.2.1"), 5060, Transport::udp},
            .flow = {0, 1},
            .sent_by = "192.0.2.9:5060"};
  }
};

TEST(NoAllocation, over_a_turn_of_an_overloaded_shard) {
  Answering answering;
  const OverloadSettings overload{.source_rate = 50,
                                  .source_burst = 20,
                                  .source_transactions = 100,
                                  .advertise = true,
                                  .honour = true};
  Line line(answering, overload);
  TurnBudget budget{TurnLimits{}};
  TurnQueue queue(64, {1, 2}, *std::pmr::new_delete_resource());
  const auto source = *parse_ip_address("192.0.2.1");
  line.ask_for_control();
  expect_no_allocation(line, [&] {
    for (std::uint32_t i = 0; i < 40; ++i) {
      line.request("OPTIONS", "bob", i);
      queue.add(i, guess_precedence(line.last()), source);
    }
    queue.order();
    budget.begin(line.now());
    TurnReport report;
    while (const auto next = queue.next()) {
      ++report.requests;
      const auto late = line.now() + milliseconds(1) * next->item;
      report.served += budget.verdict(late, next->precedence) == TurnBudget::Verdict::serve;
    }
    line.turn_away("INVITE", 99);
    line.engine().turn_ended(line.now(), report);
    line.advance(milliseconds(300));
  });
}

TEST(NoAllocation, over_requests_that_the_engine_sends) {
  Answering answering;
  Line line(answering);
  const Outgoing options{"OPTIONS", "1 OPTIONS"};
  expect_no_allocation(line, [&] {
    ASSERT_TRUE(line.engine().send(line.now(), options.request()));
    line.drain();
    for (int i = 0; i < 10; ++i) line.advance(seconds(4));  // sent again, then timed out
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

TEST(NoAllocation, over_an_INVITE_of_a_proxy_that_timer_C_cancels) {
  Answering answering;
  Line line(answering);
  const Outgoing proxied{"INVITE", "1 INVITE"};
  Text ringing;
  expect_no_allocation(line, [&] {
    const auto invite = line.engine().send(line.now(), proxied.request());
    ASSERT_TRUE(invite && line.engine().set_timer_c(line.now(), *invite, std::chrono::minutes(4)));
    line.drain();
    ringing.clear();
    ringing << "SIP/2.0 180 Ringing" << line.last().substr(line.last().find("\r\n"));
    line.receive(ringing.view());
    line.advance(std::chrono::minutes(4) + seconds(1));
    ASSERT_TRUE(line.last().starts_with("CANCEL "));
    for (int i = 0; i < 20; ++i) line.advance(seconds(2));  // the CANCEL again, then timer B
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

// Messages that are written, changed and taken apart, over and over.
class NoAllocationInMessages : public ::testing::Test {
 protected:
  template <class Work>
  void expect_none(Work&& work) {
    work();
    const std::size_t before = allocations;
    for (int i = 0; i < 200; ++i) work();
    EXPECT_EQ(std::size_t{allocations}, before);
  }
  Built build_invite() {
    return request_.start(Method::invite, "sip:bob@example.com")
        .via(Transport::udp, "192.0.2.1:5060", identifiers_.branch().view())
        .from("Alice <sip:alice@example.com>", identifiers_.tag().view())
        .to("<sip:bob@example.com>")
        .call_id(identifiers_.call_id([](std::string_view id) { return id.front() < '8'; }).view())
        .cseq(identifiers_.first_cseq())
        .route("<sip:p1;lr>, <sip:p2;lr>")
        .contact("<sip:alice@192.0.2.1>")
        .body("application/sdp", offer)
        .build(buffers_);
  }

  BufferPool buffers_{1U << 21, *std::pmr::new_delete_resource()};
  Identifiers identifiers_{Entropy{{1, 2, 3, 4}}};
  RequestBuilder request_;
  ResponseBuilder response_;
  MessageEdit edit_;
  Message message_{128, *std::pmr::new_delete_resource()};
  Message answer_{128, *std::pmr::new_delete_resource()};
};

TEST_F(NoAllocationInMessages, when_requests_and_responses_are_built) {
  expect_none([&] {
    const Built invite = build_invite();
    ASSERT_TRUE(invite && parse((*invite)->view(), message_));
    response_.start(message_, 200).to_tag(identifiers_.tag().view());
    const Built ok = response_.contact("<sip:bob@192.0.2.2>").build(buffers_);
    ASSERT_TRUE(ok && parse((*ok)->view(), answer_));
    request_.start_in_dialog(Method::ack, answer_, 1).via(Transport::udp, "a", "z9hG4bK1");
    ASSERT_TRUE(request_.build(buffers_));
    ASSERT_TRUE(request_.start_cancel(message_).build(buffers_));
    ASSERT_TRUE(request_.start_copy(message_).names(NameForm::compact).build(buffers_));
    ASSERT_FALSE(request_.start(Method::options, "sip:a").build(buffers_));
  });
}

TEST_F(NoAllocationInMessages, when_messages_are_edited) {
  const Built invite = build_invite();
  ASSERT_TRUE(invite && parse((*invite)->view(), message_));
  expect_none([&] {
    edit_.start(message_).decrement_max_forwards().pop_route().record_route("<sip:p;lr>");
    edit_.via(Transport::tcp, "p", "z9hG4bK2").replace("X-New", "1").body("text/plain", "hi");
    ASSERT_TRUE(edit_.pieces());
    ASSERT_TRUE(edit_.write(buffers_));
  });
}

TEST_F(NoAllocationInMessages, when_bodies_are_written_and_taken_apart) {
  std::array<char, 1024> room;
  expect_none([&] {
    MultipartBuilder parts(room, "mixed", identifiers_.tag().view());
    const auto body = parts.part("application/sdp", offer).part("text/plain", "hello").finish();
    ASSERT_TRUE(body);
    MultipartLeaves leaves(body->text, *multipart_boundary(body->content_type));
    int count = 0;
    while (leaves.next()) ++count;
    ASSERT_EQ(count, 2);
    ASSERT_TRUE(parse_sipfrag("SIP/2.0 200 OK\r\nSubject: x\r\n", message_));
  });
}

TEST(NoAllocation, over_an_offer_read_answered_and_checked) {
  constexpr std::string_view text =
      "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
      "m=audio 4000 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"
      "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\nm=video 4002 RTP/AVP 31\r\n";
  static constexpr sdp::Codec codecs[] = {{.encoding = "PCMU", .payload_type = 0},
                                          {.encoding = "telephone-event", .payload_type = 101}};
  const sdp::MediaCapability audio{.port = 5000, .codecs = codecs};
  sdp::Session offered(64, 4, *std::pmr::new_delete_resource());
  sdp::Session answered(64, 4, *std::pmr::new_delete_resource());
  const std::size_t before = allocations;
  for (int i = 0; i < 200; ++i) {
    char room[1024];
    sdp::Writer writer(room);
    ASSERT_TRUE(parse(text, offered));
    ASSERT_TRUE(write_answer(offered, {.media = {&audio, 1}}, {.address = "192.0.2.9"}, writer));
    ASSERT_TRUE(parse(writer.view(), answered));
    ASSERT_TRUE(check_answer(offered, answered).empty());
  }
  EXPECT_EQ(std::size_t{allocations}, before);
}

TEST(NoAllocation, over_counting_and_showing_what_was_counted) {
  Counters counters;
  double sum = 0;
  const std::size_t before = allocations;
  for (int i = 0; i < 200; ++i) {
    counters.count_sent("OPTIONS sip:bob@192.0.2.9 SIP/2.0\r\n\r\n");
    counters.durations[0].record(milliseconds(i));
    each_sample(counters, [&sum](const MetricSample& sample) { sum += sample.value; });
  }
  EXPECT_EQ(std::size_t{allocations}, before);
  EXPECT_GT(sum, 0);
}

#ifdef SIPRING_ANSWER_USER
TEST_F(NoAllocationInMessages, when_datagrams_are_steered_and_a_shard_drains) {
  Settings settings;
  settings.limits.transactions = 64;
  Engine engine(settings, Entropy{{1, 2, 3, 4}}, *std::pmr::new_delete_resource());
  Steering steering(4, {1, 2});
  Homes homes;
  homes.next.fill(3);
  const Built invite = build_invite();
  ASSERT_TRUE(invite);
  expect_none([&] {
    ASSERT_TRUE(steering.home_of_datagram((*invite)->view()));
    ASSERT_TRUE(engine.begins_anew((*invite)->view()));
    steering.place(homes);
    ASSERT_EQ(steering.next_home_of_datagram((*invite)->view()), 3U);
  });
}

class NoAllocationInAnswer : public ::testing::Test {
 protected:
  static std::vector<Endpoint> endpoints() {
    const Listener listener{Flow{0, 1}, {*parse_ip_address("192.0.2.9"), 5060, Transport::udp}};
    return make_endpoints({&listener, 1}, "");
  }
  AnswerUser user{AnswerOptions{.calls = 1'024}, endpoints(), Entropy{{5, 6, 7, 8}},
                  *std::pmr::new_delete_resource()};
  Line<AnswerUser> line{user};
};

TEST_F(NoAllocationInAnswer, over_a_call_with_its_ACK_and_BYE) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    line.request("ACK", "bob", 2, true);
    line.request("BYE", "bob", 3, true);
  });
  EXPECT_EQ(user.calls().tally().hung_up, 400u);
}

TEST_F(NoAllocationInAnswer, over_a_call_that_rings_and_one_that_is_cancelled) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "ring", 1);
    line.advance(milliseconds(5'100));
    line.request("ACK", "bob", 2, true);
    line.next_call();
    line.request("INVITE", "silent", 3);
    line.request("CANCEL", "silent", 3);
    line.request("ACK", "silent", 3);
  });
  EXPECT_EQ(user.calls().tally().acknowledged, 400u);
  EXPECT_EQ(user.calls().tally().cancelled, 400u);
}

TEST_F(NoAllocationInAnswer, over_a_call_whose_ACK_never_comes) {
  expect_no_allocation(line, [&] {
    line.request("INVITE", "bob", 1);
    for (int i = 0; i < 40; ++i) line.advance(seconds(1));
  });
  EXPECT_EQ(user.calls().tally().unacknowledged, 400u);
}

TEST_F(NoAllocationInAnswer, over_requests_outside_of_calls_and_refusals) {
  std::uint32_t branch = 0;
  expect_no_allocation(line, [&] {
    for (const std::string_view method : {"OPTIONS", "REGISTER", "MESSAGE", "INFO", "SUBSCRIBE"}) {
      line.request(method, "bob", ++branch);
    }
    line.request("INVITE", "busy", ++branch);
    line.advance(seconds(40));
  });
}
#endif

}  // namespace
}  // namespace sipring::test
