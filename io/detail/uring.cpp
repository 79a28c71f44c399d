// SPDX-License-Identifier: MIT
#include <sipring/io/detail/uring.h>

#include <sipring/pools/assert.h>

#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>
#include <vector>

namespace sipring {
namespace {

// Linux 6.12. Debian 12's headers are older: the flag is not there, and the field is called `pad`.
constexpr unsigned feature_minimum_timeout = 1U << 15;
struct GetEventsArgument {
  std::uint64_t signal_mask = 0;
  std::uint32_t signal_mask_size = 0;
  std::uint32_t minimum_wait_microseconds = 0;
  std::uint64_t timeout = 0;
};
static_assert(sizeof(GetEventsArgument) == sizeof(io_uring_getevents_arg));

constexpr unsigned deferred_flags =
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_COOP_TASKRUN;

int io_uring_disabled() {
  int value = 0;
  if (std::FILE* file = std::fopen("/proc/sys/kernel/io_uring_disabled", "re")) {
    if (std::fscanf(file, "%d", &value) != 1) value = 0;
    std::fclose(file);
  }
  return value;
}

OpenError set_up_error(int error_number) {
  if (error_number == ENOSYS) {
    return {
        OpenErrorCode::io_uring_missing, error_number,
        "this kernel (" + kernel_release() +
            ") has no io_uring, or a sandbox hides it; sipring needs Linux 5.11, 6.1 is better"};
  }
  if (error_number == EPERM) {
    const int disabled = io_uring_disabled();
    std::string text = "io_uring is forbidden here";
    text += disabled == 0 ? ": a sandbox (seccomp) refuses io_uring_setup"
                          : ": kernel.io_uring_disabled is " + std::to_string(disabled) +
                                "; sysctl kernel.io_uring_disabled=0 allows it";
    return {OpenErrorCode::io_uring_disabled, error_number, std::move(text)};
  }
  return {OpenErrorCode::ring, error_number,
          "io_uring could not be set up: " + error_text(error_number)};
}

}  // namespace

std::string kernel_release() {
  utsname names{};
  return ::uname(&names) == 0 ? names.release : "unknown";
}

std::expected<Uring, OpenError> Uring::open(std::uint32_t submissions, std::uint32_t completions,
                                            const UringFeatures& allowed) {
  Uring uring;
  bool deferred = allowed.deferred_task_work;
  int error = deferred ? uring.set_up(submissions, completions, deferred_flags) : EINVAL;
  if (error == EINVAL) {
    deferred = false;
    error = uring.set_up(submissions, completions, IORING_SETUP_COOP_TASKRUN);
  }
  if (error == EINVAL) error = uring.set_up(submissions, completions, 0);
  if (error != 0) return std::unexpected(set_up_error(error));
  if ((uring.ring_.features & IORING_FEAT_EXT_ARG) == 0) {
    return std::unexpected(OpenError{
        OpenErrorCode::feature_missing, 0,
        "io_uring lacks timed waits (IORING_FEAT_EXT_ARG): Linux 5.11 has them, this kernel is " +
            kernel_release()});
  }
  uring.find_features(allowed, deferred);
  return uring;
}

int Uring::set_up(std::uint32_t submissions, std::uint32_t completions, unsigned flags) {
  io_uring_params parameters{};
  parameters.flags = flags | IORING_SETUP_CQSIZE | IORING_SETUP_CLAMP;
  parameters.cq_entries = completions;
  const int result = io_uring_queue_init_params(submissions, &ring_, &parameters);
  if (result < 0) return -result;
  open_ = true;
  // liburing maps submissions one to one; so the queue's tail alone says what is new (see enter()).
  for (unsigned i = 0; i < *ring_.sq.kring_entries; ++i) ring_.sq.array[i] = i;
  return 0;
}

void Uring::find_features(const UringFeatures& allowed, bool deferred) {
  io_uring_probe* probe = io_uring_get_probe_ring(&ring_);
  const auto has = [&](int operation) {
    return probe != nullptr && io_uring_opcode_supported(probe, operation) != 0;
  };
  features_.deferred_task_work = deferred;
  // Multishot RECVMSG has no flag of its own; it came with the release that brought SEND_ZC.
  features_.multishot_receive = allowed.multishot_receive && has(IORING_OP_SEND_ZC);
  features_.message_ring = allowed.message_ring && has(IORING_OP_MSG_RING);
  features_.minimum_wait = allowed.minimum_wait && (ring_.features & feature_minimum_timeout) != 0;
  if (probe != nullptr) io_uring_free_probe(probe);
  enter_fd_ = ring_.ring_fd;
  if (io_uring_register_ring_fd(&ring_) == 1) {  // Linux 5.18; saves a descriptor look-up per wait
    enter_fd_ = ring_.enter_ring_fd;
    enter_flags_ = IORING_ENTER_REGISTERED_RING;
  }
}

Uring::Uring(Uring&& other) noexcept
    : ring_(other.ring_),
      features_(other.features_),
      enter_fd_(other.enter_fd_),
      enter_flags_(other.enter_flags_),
      system_calls_(other.system_calls_),
      open_(std::exchange(other.open_, false)) {}

Uring::~Uring() {
  if (open_) io_uring_queue_exit(&ring_);
}

std::expected<void, OpenError> Uring::register_files(std::uint32_t places) {
  const std::vector<int> empty(places, -1);
  const int result = io_uring_register_files(&ring_, empty.data(), places);
  if (result == 0) return {};
  return std::unexpected(OpenError{OpenErrorCode::ring, -result,
                                   "io_uring does not take the sockets: " + error_text(-result)});
}

// There is a place, and the descriptor is open: the kernel has no reason to refuse.
void Uring::set_file(std::uint32_t place, int fd) {
  const int result = io_uring_register_files_update(&ring_, place, &fd, 1);
  SIPRING_ASSERT(result == 1);
}

io_uring_sqe& Uring::submission() {
  io_uring_sqe* submission = io_uring_get_sqe(&ring_);
  if (submission == nullptr) {
    enter(0, nullptr);
    submission = io_uring_get_sqe(&ring_);
  }
  SIPRING_ASSERT(submission != nullptr);
  return *submission;
}

void Uring::wait(const UringWait& wait) {
  // A zero timeout would still put the thread to sleep (24 us); no wait at all costs 0.2 us.
  if (wait.completions == 0 || wait.at_most <= Duration::zero()) {
    enter(0, nullptr);
    return;
  }
  GetEventsArgument argument;
  __kernel_timespec timeout{};
  if (wait.at_most != Duration::max()) {
    timeout.tv_sec = wait.at_most / std::chrono::seconds(1);
    timeout.tv_nsec = (wait.at_most % std::chrono::seconds(1)).count();
    argument.timeout = reinterpret_cast<std::uint64_t>(&timeout);
  }
  std::uint32_t completions = 1;
  if (features_.minimum_wait && wait.completions > 1 && wait.minimum > Duration::zero()) {
    const Duration minimum = std::min(wait.minimum, wait.at_most);
    argument.minimum_wait_microseconds = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(minimum).count());
    completions = wait.completions;
  }
  enter(completions, &argument);
}

// Everything between liburing's tail and the kernel's is new. The result is not needed: what was
// not taken now is taken by the next call, and an interrupted or timed-out wait is an ordinary
// turn.
unsigned Uring::enter(unsigned minimum, const void* argument) {
  const unsigned to_submit = ring_.sq.sqe_tail - io_uring_smp_load_acquire(ring_.sq.khead);
  ring_.sq.sqe_head = ring_.sq.sqe_tail;
  io_uring_smp_store_release(ring_.sq.ktail, ring_.sq.sqe_tail);
  unsigned flags = IORING_ENTER_GETEVENTS | enter_flags_;
  if (argument != nullptr) flags |= IORING_ENTER_EXT_ARG;
  const int result = io_uring_enter2(
      static_cast<unsigned>(enter_fd_), to_submit, minimum, flags,
      reinterpret_cast<sigset_t*>(const_cast<void*>(argument)),
      argument != nullptr ? sizeof(GetEventsArgument) : static_cast<std::size_t>(_NSIG / 8));
  ++system_calls_;
  SIPRING_ASSERT(result >= 0 || result == -ETIME || result == -EINTR || result == -EBUSY ||
                 result == -EAGAIN || result == -ENOMEM);
  return result < 0 ? 0 : static_cast<unsigned>(result);
}

}  // namespace sipring
