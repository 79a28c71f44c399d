// SPDX-License-Identifier: MIT
#include <sipring/core/message/uri.h>
#include <sipring/io/config.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace sipring {
namespace {

constexpr std::pair<std::string_view, Transport> prefixes[] = {{"udp:", Transport::udp},
                                                               {"tcp:", Transport::tcp},
                                                               {"tls:", Transport::tls},
                                                               {"ws:", Transport::ws},
                                                               {"wss:", Transport::wss}};
constexpr std::pair<std::string_view, TlsVerify> verifications[] = {
    {"none", TlsVerify::none}, {"request", TlsVerify::request}, {"peer", TlsVerify::require}};

// "udp:HOST:PORT"; what is behind the transport is read as in a URI.
std::optional<NetworkAddress> address_of(std::string_view text) {
  const auto prefix = std::ranges::find_if(
      prefixes, [&](const auto& known) { return text.starts_with(known.first); });
  if (prefix == std::end(prefixes)) return std::nullopt;
  const std::string host_and_port = "sip:" + std::string(text.substr(prefix->first.size()));
  const auto uri = parse_uri(host_and_port);
  const bool is_bare = uri && uri->text == host_and_port && uri->user.empty() &&
                       uri->parameters.empty() && uri->headers.empty();
  const auto ip = is_bare ? parse_ip_address(uri->host) : std::nullopt;
  if (!ip) return std::nullopt;
  const bool has_port = host_and_port.size() > 4 + uri->host.size();
  return NetworkAddress{*ip, has_port ? uri->port : default_port(prefix->second), prefix->second};
}

// Takes what it knows from a table, and complains of the rest.
class Reader {
 public:
  Reader(const std::string& name, const toml::table& table) : name_(name), table_(table) {}

  void number(std::string_view key, std::uint32_t least, std::uint32_t most, std::uint32_t& value) {
    const toml::node* const node = take(key);
    if (node == nullptr) return;
    const auto given = node->value_exact<std::int64_t>();
    if (!given) return fail(*node, key, "is not a whole number");
    if (*given < least || *given > most) {
      return fail(*node, key, "is not " + std::to_string(least) + " to " + std::to_string(most));
    }
    value = static_cast<std::uint32_t>(*given);
  }
  void milliseconds(std::string_view key, Duration& value) {
    constexpr std::uint32_t most = 600'000;
    auto count = static_cast<std::uint32_t>(value / std::chrono::milliseconds(1));
    number(key, 1, most, count);
    value = std::chrono::milliseconds(count);
  }
  void flag(std::string_view key, bool& value) {
    const toml::node* const node = take(key);
    if (node == nullptr) return;
    const auto given = node->value_exact<bool>();
    if (!given) return fail(*node, key, "is neither true nor false");
    value = *given;
  }
  void text(std::string_view key, std::string& value) {
    const toml::node* const node = take(key);
    if (node == nullptr) return;
    const auto given = node->value_exact<std::string>();
    if (!given) return fail(*node, key, "is no string");
    value = *given;
  }
  void address(std::string_view key, NetworkAddress& value) {
    std::string given;
    text(key, given);
    const toml::node* const node = table_.get(key);
    if (node == nullptr) return fail(table_, key, "is missing");
    const auto address = address_of(given);
    if (!address) return fail(*node, key, right_address);
    value = *address;
  }
  void verify(std::string_view key, TlsVerify& value) {
    std::string given(verifications[0].first);
    text(key, given);
    const auto found = std::ranges::find_if(
        verifications, [&](const auto& known) { return given == known.first; });
    if (found == std::end(verifications)) {
      return fail(*table_.get(key), key, "is none of none, request and peer");
    }
    value = found->second;
  }
  void listeners(std::string_view key, std::vector<ListenerConfig>& value) {
    const toml::node* const node = take(key);
    if (node == nullptr) return;
    if (!node->is_array() || node->as_array()->empty()) {
      return fail(*node, key, "is no list of addresses, as in [\"udp:192.0.2.1:5060\"]");
    }
    value.clear();
    for (const toml::node& element : *node->as_array()) {
      ListenerConfig& listener = value.emplace_back();
      if (element.is_table()) {
        listener = listener_of(*element.as_table());
      } else if (const auto address = address_of(element.value_or<std::string_view>(""))) {
        listener.address = *address;
      } else {
        return fail(element, key, "has an element that " + std::string(right_address));
      }
    }
  }
  template <class Read>
  void table(std::string_view key, Read read) {
    const toml::node* const node = take(key);
    if (node == nullptr) return;
    if (!node->is_table()) return fail(*node, key, "is no table");
    read_table(*node->as_table(), read);
  }

  // False: `error()` says what is wrong.
  bool expect_nothing_else() {
    for (const auto& [key, node] : table_) {
      bool is_known = false;
      for (const std::string_view known : taken_) is_known |= known == key.str();
      if (!is_known) fail(node, key.str(), "is not known");
    }
    return error_.empty();
  }
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  static constexpr std::string_view right_address =
      "is not udp:ADDRESS:PORT, tcp:, tls:, ws: or wss:";

  ListenerConfig listener_of(const toml::table& table) {
    ListenerConfig listener;
    read_table(table, [&](Reader& reader) {
      reader.address("address", listener.address);
      reader.text("certificate", listener.files.certificate);
      reader.text("key", listener.files.key);
      reader.text("authorities", listener.files.authorities);
      reader.verify("verify", listener.verify);
      reader.flag("proxied", listener.is_proxied);
    });
    if (listener.is_proxied && !is_reliable(listener.address.transport))
      fail(table, "listeners", "is proxied where there are no connections");
    const bool has_files = listener.files != TlsFiles{} || listener.verify != TlsVerify::none;
    if (has_files && !has_tls(listener.address.transport)) {
      fail(table, "listeners", "has a certificate or verify where there is no tls: or wss:");
    } else if (listener.files.certificate.empty() && !listener.files.key.empty()) {
      fail(table, "listeners", "has a key without a certificate");
    }
    return listener;
  }
  template <class Read>
  void read_table(const toml::table& table, Read read) {
    Reader inner(name_, table);
    read(inner);
    inner.expect_nothing_else();
    if (error_.empty()) error_ = inner.error_;
  }
  const toml::node* take(std::string_view key) {
    taken_.push_back(key);
    return table_.get(key);
  }
  // The first one counts.
  void fail(const toml::node& node, std::string_view key, std::string_view why) {
    if (!error_.empty()) return;
    error_ = name_ + ":" + std::to_string(node.source().begin.line) + ": " + std::string(key) +
             " " + std::string(why);
  }

  const std::string& name_;
  const toml::table& table_;
  std::vector<std::string_view> taken_;
  std::string error_;
};

}  // namespace

std::expected<Config, std::string> parse_config(std::string_view text, const std::string& name,
                                                Config config) {
  const toml::parse_result parsed = toml::parse(text, name);
  if (!parsed) {
    return std::unexpected(name + ":" + std::to_string(parsed.error().source().begin.line) + ": " +
                           std::string(parsed.error().description()));
  }
  constexpr std::uint32_t most_slots = 16'777'216;
  Reader reader(name, parsed.table());
  reader.listeners("listeners", config.listeners);
  reader.number("shards", 0, 255, config.shards);
  reader.flag("strict", config.strict);
  reader.table("timers", [&](Reader& timers) {
    timers.milliseconds("t1_ms", config.timers.t1);
    timers.milliseconds("t2_ms", config.timers.t2);
    timers.milliseconds("t4_ms", config.timers.t4);
  });
  reader.table("limits", [&](Reader& limits) {
    limits.number("transactions", 1, most_slots, config.transactions);
    limits.number("calls", 1, most_slots, config.calls);
    limits.number("message_bytes", 512, 65'535, config.message_bytes);
  });
  reader.table("authentication", [&](Reader& authentication) {
    authentication.text("users", config.authentication.users);
    authentication.text("realm", config.authentication.realm);
  });
  if (!reader.expect_nothing_else()) return std::unexpected(reader.error());
  if (const std::string_view problem = problem_of(config.timers); !problem.empty()) {
    return std::unexpected(name + ": " + std::string(problem));
  }
  return config;
}

}  // namespace sipring
