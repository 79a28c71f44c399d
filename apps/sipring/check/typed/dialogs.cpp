// Header fields that name a dialog or a session, or are about its progress.
// SPDX-License-Identifier: MIT
#include <check/typed/typed.h>

#include <sipring/core/message/header/answer_mode.h>
#include <sipring/core/message/header/cseq.h>
#include <sipring/core/message/header/dialog_reference.h>
#include <sipring/core/message/header/rack.h>
#include <sipring/core/message/header/session_id.h>
#include <sipring/core/message/header/session_timer.h>
#include <sipring/core/message/header/user_to_user.h>
#include <sipring/core/message/header/values.h>

namespace sipring::app::typed {
namespace {

TypedValue cseq(const CSeq& cseq) {
  return {{"number", std::to_string(cseq.number)}, {"method", std::string(cseq.method_name)}};
}

TypedValue rack(const RAck& rack) {
  return {{"response", std::to_string(rack.response_number)},
          {"cseq", std::to_string(rack.cseq_number)},
          {"method", std::string(rack.method_name)}};
}

TypedValue rseq(std::uint32_t number) {
  return {{"response", std::to_string(number)}};
}

TypedValue replied_call(const RepliedCall& call) {
  return {{"call-id", std::string(call.call_id)}};
}

TypedValue replaces(const Replaces& dialog) {
  TypedValue typed;
  put(typed, "call-id", dialog.call_id);
  put(typed, "to-tag", dialog.to_tag);
  put(typed, "from-tag", dialog.from_tag);
  put_flag(typed, "early-only", dialog.early_only);
  return typed;
}

TypedValue join(const Join& dialog) {
  TypedValue typed;
  put(typed, "call-id", dialog.call_id);
  put(typed, "to-tag", dialog.to_tag);
  put(typed, "from-tag", dialog.from_tag);
  return typed;
}

TypedValue target_dialog(const TargetDialog& dialog) {
  TypedValue typed;
  put(typed, "call-id", dialog.call_id);
  put(typed, "remote-tag", dialog.remote_tag);
  put(typed, "local-tag", dialog.local_tag);
  return typed;
}

TypedValue session_id(const SessionId& id) {
  TypedValue typed;
  put(typed, "local", id.local);
  put(typed, "remote", is_nil_uuid(id.remote) ? "not known yet" : id.remote);
  return typed;
}

TypedValue session_expires(const SessionExpires& expires) {
  constexpr const char* refreshers[] = {"unspecified", "uac", "uas"};
  return {{"seconds", std::to_string(expires.seconds)},
          {"refresher", refreshers[static_cast<std::size_t>(expires.refresher)]}};
}

TypedValue min_se(const MinSe& min_se) {
  return {{"seconds", std::to_string(min_se.seconds)}};
}

TypedValue answer_mode(const AnswerMode& header) {
  TypedValue typed;
  put(typed, "mode", header.text);
  put_flag(typed, "require", header.require);
  return typed;
}

TypedValue user_to_user(const UserToUser& header) {
  TypedValue typed;
  put(typed, "data", header.data);
  put(typed, "purpose", header.purpose);
  put(typed, "content", header.content);
  put(typed, "encoding", header.encoding);
  return typed;
}

constexpr Row dialog_rows[] = {
    {HeaderId::answer_mode, one<parse_answer_mode, answer_mode>},
    {HeaderId::cseq, one<parse_cseq, cseq>},
    {HeaderId::in_reply_to, list<parse_in_reply_to, replied_call>},
    {HeaderId::join, one<parse_join, join>},
    {HeaderId::min_se, one<parse_min_se, min_se>},
    {HeaderId::priv_answer_mode, one<parse_answer_mode, answer_mode>},
    {HeaderId::rack, one<parse_rack, rack>},
    {HeaderId::replaces, one<parse_replaces, replaces>},
    {HeaderId::rseq, one<parse_rseq, rseq>},
    {HeaderId::session_expires, one<parse_session_expires, session_expires>},
    {HeaderId::session_id, one<parse_session_id, session_id>},
    {HeaderId::target_dialog, one<parse_target_dialog, target_dialog>},
    {HeaderId::user_to_user, list<parse_user_to_user, user_to_user>},
};

}  // namespace

std::span<const Row> dialogs() {
  return dialog_rows;
}

}  // namespace sipring::app::typed
