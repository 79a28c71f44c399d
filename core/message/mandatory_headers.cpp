// SPDX-License-Identifier: MIT
#include <sipring/core/message/detail/mandatory_headers.h>

#include <utility>

namespace sipring {
namespace {

constexpr Method any = Method::unknown;

struct InRequest {
  Method method;
  HeaderId header;
};

constexpr InRequest in_requests[] = {
    {any, HeaderId::via},  // RFC 3261 section 8.1.1
    {any, HeaderId::max_forwards},
    {any, HeaderId::from},
    {any, HeaderId::to},
    {any, HeaderId::call_id},
    {any, HeaderId::cseq},
    {Method::invite, HeaderId::contact},             // section 8.1.1.8
    {Method::update, HeaderId::contact},             // RFC 3311 section 6
    {Method::refer, HeaderId::contact},              // RFC 3515 section 2.2
    {Method::refer, HeaderId::refer_to},             // RFC 3515 section 2.4.1
    {Method::subscribe, HeaderId::contact},          // RFC 3265 section 7.2
    {Method::subscribe, HeaderId::event},            // RFC 6665 section 4.1.2.1
    {Method::notify, HeaderId::contact},             // RFC 3265 section 7.2
    {Method::notify, HeaderId::event},               // RFC 6665 section 4.2.2
    {Method::notify, HeaderId::subscription_state},  // RFC 6665 section 4.2.2
    {Method::publish, HeaderId::event},              // RFC 3903 section 4
    {Method::prack, HeaderId::rack},                 // RFC 3262 section 7.2
};

struct InResponse {
  int first_status, last_status;
  Method method;
  HeaderId header;
};

constexpr InResponse in_responses[] = {
    {100, 699, any, HeaderId::via},  // RFC 3261 section 8.2.6.2
    {100, 699, any, HeaderId::from},
    {100, 699, any, HeaderId::to},
    {100, 699, any, HeaderId::call_id},
    {100, 699, any, HeaderId::cseq},
    {200, 299, Method::invite, HeaderId::contact},     // Table 2
    {200, 299, Method::update, HeaderId::contact},     // RFC 3311 section 6
    {200, 299, Method::refer, HeaderId::contact},      // RFC 3515 section 2.2
    {200, 299, Method::subscribe, HeaderId::contact},  // RFC 3265 section 7.2
    {200, 299, Method::subscribe, HeaderId::expires},  // RFC 6665 section 4.2.1.1
    {200, 299, Method::publish, HeaderId::expires},    // RFC 3903 section 6
    {200, 299, Method::publish, HeaderId::sip_etag},   // RFC 3903 section 6
    {401, 401, any, HeaderId::www_authenticate},       // RFC 3261 Table 3
    {405, 405, any, HeaderId::allow},                  // Table 2
    {407, 407, any, HeaderId::proxy_authenticate},     // Table 3
    {420, 420, any, HeaderId::unsupported},            // Table 3
    {421, 421, any, HeaderId::require},                // section 21.4.16
    {422, 422, any, HeaderId::min_se},                 // RFC 4028 section 6
    {423, 423, any, HeaderId::min_expires},            // RFC 3261 section 21.4.17
    {424, 424, any, HeaderId::geolocation_error},      // RFC 6442 section 4.3
    {469, 469, any, HeaderId::recv_info},              // RFC 6086 section 4.2.2
    {489, 489, any, HeaderId::allow_events},           // RFC 6665 section 8.3.2
    {494, 494, any, HeaderId::security_server},        // RFC 3329 section 2.3.1
};

bool is_there(HeaderId header, const HeaderSet& present) {
  return present.test(std::to_underlying(header));
}

}  // namespace

std::optional<HeaderId> missing_header(Method request, const HeaderSet& present) {
  for (const InRequest& row : in_requests)
    if ((row.method == any || row.method == request) && !is_there(row.header, present))
      return row.header;
  return std::nullopt;
}

std::optional<HeaderId> missing_header(int status, Method method, const HeaderSet& present) {
  for (const InResponse& row : in_responses) {
    const bool applies = status >= row.first_status && status <= row.last_status &&
                         (row.method == any || row.method == method);
    if (applies && !is_there(row.header, present)) return row.header;
  }
  return std::nullopt;
}

}  // namespace sipring
